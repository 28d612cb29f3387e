// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/ranks.hpp"
#include "glebe/estimation/algebra/bordered_matrix.hpp"
#include "glebe/estimation/algebra/dense.hpp"

#include <Eigen/Cholesky>
#include <Eigen/SparseCore>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bordered_view.hpp"

namespace glebe {

namespace {

using Solver = PetscOwner<KSP, KSPDestroy>;

// Coupled columns: smoothed aggregation of columns, smoothed by an exact solve within each column,
// because point smoothers fail for the strongly dependent controls of a column. Uncoupled columns:
// incomplete factors of the blocks, which are exact. Few columns: every rank factors the whole
// matrix, because the coarsening of PETSc 3.18 may never end when a rank has only two or three
// columns of a grid with less than ten.
void set_inner_defaults(PC M, bool coupled, PetscInt n_column, DefaultOptions& options) {
  constexpr PetscInt few_columns = 50;
  if (coupled && n_column <= few_columns) {
    GLEBE_PETSC(PCSetType(M, PCREDUNDANT));
  } else if (coupled) {
    GLEBE_PETSC(PCSetType(M, PCGAMG));
    PetscReal keep_all_but_zeros = 0.0;
    GLEBE_PETSC(PCGAMGSetThreshold(M, &keep_all_but_zeros, 1));
    options.add(
        {{"-columns_mg_levels_pc_type", "pbjacobi"}, {"-columns_mg_levels_ksp_max_it", "4"}});
  } else {
    GLEBE_PETSC(PCSetType(M, PCBJACOBI));
    options.add({{"-columns_sub_pc_type", "icc"},
                 {"-columns_sub_pc_factor_shift_type", "positive_definite"}});
  }
}

using SparseMatrix = Eigen::SparseMatrix<double>;

/// A matrix of this rank's rows that is made column by column, of what is not zero.
class SparseColumns {
public:
  SparseColumns(const Vector& like, Eigen::Index n_column) {
    PetscInt n_row = 0;
    GLEBE_PETSC(VecGetLocalSize(like.handle(), &n_row));
    matrix_.resize(n_row, n_column);
  }

  void add(const Vector& column) {
    const ReadArray values(column.handle());
    matrix_.startVec(n_done_);
    for (Eigen::Index i = 0; i < matrix_.rows(); ++i)
      if (const double value = values[std::size_t(i)]; value != 0.0)
        matrix_.insertBack(i, n_done_) = value;
    ++n_done_;
  }
  SparseMatrix take() {
    matrix_.finalize();
    return std::move(matrix_);
  }

private:
  SparseMatrix matrix_;
  Eigen::Index n_done_ = 0;
};

/// An approximation of H^-1, for the view H of a BorderedMatrix:
///
///     M^-1 on the controls of columns, plus Z (Z^T H Z)^-1 Z^T with Z = [ -W; I ], W = A^-1 C.
///
/// It is equal to H^-1 if M = A. The Schur complement Z^T H Z is positive definite even if W is
/// inexact. W is sparse where columns are not coupled: a shared control then has rows in its
/// columns.
class BorderedPreconditioner {
public:
  void set_up(const BorderedView& view);
  void apply(const BorderedView& view, Vec r, Vec z);

private:
  void copy_columns(const BorderedView& view);
  void set_up_inner(const BorderedView& view);
  void set_up_border(const BorderedView& view);
  void factor_schur(const DenseMatrix& schur, const std::vector<char>& free);
  DenseVector solve_schur(const DenseVector& y) const;

  bool has_columns_ = false;
  DefaultOptions options_; ///< of the inner solver
  Matrix A_;               ///< with held controls decoupled, in the full pattern
  Solver inner_;           ///< for A
  PC M_ = nullptr;         ///< preconditioner of inner_
  SparseMatrix W_;         ///< the rows of this rank
  std::vector<std::size_t> free_shared_;
  Eigen::LLT<DenseMatrix> schur_; ///< of the free shared controls
  DenseMatrix inverse_schur_;     ///< in place of it where rounding makes it indefinite
  Vector u_, v_, w_;
};

void BorderedPreconditioner::set_up(const BorderedView& view) {
  PetscInt n = 0, n_local = 0;
  GLEBE_PETSC(MatGetSize(view.parts().columns.handle(), &n, nullptr));
  GLEBE_PETSC(MatGetLocalSize(view.parts().columns.handle(), &n_local, nullptr));
  has_columns_ = n > 0;
  if (!u_.handle()) u_ = make_vector(view.comm(), n_local);
  if (!v_.handle()) v_ = make_vector(view.comm(), n_local);
  if (!w_.handle()) w_ = make_vector(view.comm(), n_local);
  if (has_columns_) {
    copy_columns(view);
    set_up_inner(view);
  }
  set_up_border(view);
}

// A with its shift. The rows of held controls remain, so that the blocks of columns stay complete,
// but without off-diagonal entries and with a very small diagonal, so that the coarse grids of
// multigrid do not represent them. A small part of the diagonal is added everywhere, because
// rounding can make A indefinite where the data determine little.
void BorderedPreconditioner::copy_columns(const BorderedView& view) {
  constexpr double held_diagonal = 1e-8; // relative to the smallest one
  constexpr double rounding = 1e-12;
  const Mat A = view.parts().columns.handle();
  if (A_.handle())
    GLEBE_PETSC(MatCopy(A, A_.handle(), SAME_NONZERO_PATTERN));
  else
    GLEBE_PETSC(MatDuplicate(A, MAT_COPY_VALUES, A_.address()));
  GLEBE_PETSC(MatGetDiagonal(A, u_.handle()));
  PetscReal smallest = 0.0, largest = 0.0;
  GLEBE_PETSC(VecMin(u_.handle(), nullptr, &smallest));
  GLEBE_PETSC(VecMax(u_.handle(), nullptr, &largest));
  GLEBE_PETSC(VecScale(u_.handle(), rounding));
  GLEBE_PETSC(VecShift(u_.handle(), view.shift()));
  if (smallest <= 0.0) GLEBE_PETSC(VecShift(u_.handle(), largest > 0.0 ? rounding * largest : 1.0));
  GLEBE_PETSC(MatDiagonalSet(A_.handle(), u_.handle(), ADD_VALUES));
  const std::vector<PetscInt> held = view.held_rows();
  GLEBE_PETSC(MatZeroRowsColumns(A_.handle(), static_cast<PetscInt>(held.size()), held.data(),
                                 held_diagonal * (smallest > 0.0 ? smallest : 1.0), nullptr,
                                 nullptr));
  GLEBE_PETSC(MatSetOption(A_.handle(), MAT_SPD, PETSC_TRUE));
}

// The inner solver is used for W only, where a smaller tolerance was found to save no iterations.
// On the controls of columns its preconditioner M is applied once.
void BorderedPreconditioner::set_up_inner(const BorderedView& view) {
  constexpr double tolerance = 0.1;
  constexpr PetscInt max_iterations = 50;
  if (!inner_.handle()) {
    GLEBE_PETSC(KSPCreate(view.comm(), inner_.address()));
    GLEBE_PETSC(KSPSetOptionsPrefix(inner_.handle(), "columns_"));
    GLEBE_PETSC(KSPSetType(inner_.handle(), KSPCG));
    GLEBE_PETSC(
        KSPSetTolerances(inner_.handle(), tolerance, PETSC_DEFAULT, PETSC_DEFAULT, max_iterations));
    GLEBE_PETSC(KSPGetPC(inner_.handle(), &M_));
    PetscInt n = 0, per_column = 1;
    GLEBE_PETSC(MatGetSize(A_.handle(), &n, nullptr));
    GLEBE_PETSC(MatGetBlockSize(A_.handle(), &per_column));
    set_inner_defaults(M_, view.parts().coupled, n / per_column, options_);
    GLEBE_PETSC(KSPSetFromOptions(inner_.handle()));
  }
  GLEBE_PETSC(KSPSetOperators(inner_.handle(), A_.handle(), A_.handle()));
  GLEBE_PETSC(KSPSetUp(inner_.handle()));
}

void BorderedPreconditioner::set_up_border(const BorderedView& view) {
  const BorderedParts& parts = view.parts();
  DenseMatrix schur = parts.shared;
  schur.diagonal().array() += view.shift();
  const auto k = Eigen::Index(has_columns_ ? view.n_shared() : 0);
  const std::vector<PetscInt> held = view.held_rows();
  PetscInt first = 0;
  GLEBE_PETSC(MatGetOwnershipRange(parts.columns.handle(), &first, nullptr));
  SparseColumns W(v_, k), Y(v_, k); // Y = 2 C - A W
  for (Eigen::Index j = 0; j < k; ++j) {
    GLEBE_PETSC(MatGetColumnVector(parts.border.handle(), u_.handle(), static_cast<PetscInt>(j)));
    {
      WriteArray column(u_.handle());
      for (const PetscInt row : held) column[static_cast<std::size_t>(row - first)] = 0.0;
    }
    GLEBE_PETSC(KSPSolve(inner_.handle(), u_.handle(), v_.handle()));
    W.add(v_);
    GLEBE_PETSC(MatMult(A_.handle(), v_.handle(), w_.handle()));
    GLEBE_PETSC(VecAYPX(w_.handle(), -1.0, u_.handle()));
    GLEBE_PETSC(VecAXPY(w_.handle(), 1.0, u_.handle()));
    Y.add(w_);
  }
  W_ = W.take();
  // S - W^T C - C^T W + W^T A W, of which W^T Y has the two halves.
  DenseMatrix product = DenseMatrix(SparseMatrix(W_.transpose() * Y.take()));
  if (k > 0) {
    Ranks(view.comm()).sum(std::span(product.data(), std::size_t(product.size())));
    schur -= 0.5 * (product + product.transpose());
  }
  factor_schur(schur, view.free_shared());
}

// Eigenvalues that are zero or negative by rounding are raised to rounding error.
void BorderedPreconditioner::factor_schur(const DenseMatrix& schur, const std::vector<char>& free) {
  free_shared_ = indices_of(free);
  inverse_schur_.resize(0, 0);
  if (free_shared_.empty()) return;
  const DenseMatrix of_free = schur(free_shared_, free_shared_);
  schur_.compute(of_free);
  if (schur_.info() == Eigen::Success) {
    const DenseVector pivot = DenseMatrix(schur_.matrixL()).diagonal().cwiseAbs2();
    if (pivot.minCoeff() > std::numeric_limits<double>::epsilon() * pivot.maxCoeff()) return;
  }
  const EigenSystem system = eigen_system(of_free);
  const double largest = system.values[system.values.size() - 1];
  inverse_schur_ = DenseMatrix::Zero(of_free.rows(), of_free.cols());
  if (!(largest > 0.0)) return;
  const double floor = std::numeric_limits<double>::epsilon() * largest;
  inverse_schur_ = system.with_values(system.values.cwiseMax(floor).cwiseInverse());
}

// Zero for held controls.
DenseVector BorderedPreconditioner::solve_schur(const DenseVector& y) const {
  DenseVector s = DenseVector::Zero(y.size());
  if (free_shared_.empty()) return s;
  const DenseVector y_free = y(free_shared_);
  s(free_shared_) = inverse_schur_.size() > 0 ? DenseVector(inverse_schur_ * y_free)
                                              : DenseVector(schur_.solve(y_free));
  return s;
}

void BorderedPreconditioner::apply(const BorderedView& view, Vec r, Vec z) {
  DenseVector y;
  view.expand(r, u_.handle(), y);
  GLEBE_PETSC(VecSet(v_.handle(), 0.0));
  if (has_columns_) GLEBE_PETSC(PCApply(M_, u_.handle(), v_.handle()));
  if (W_.cols() > 0) {
    const ReadArray u(u_.handle());
    DenseVector dots = W_.transpose() * Eigen::Map<const DenseVector>(u.data(), W_.rows());
    Ranks(view.comm()).sum(std::span(dots.data(), std::size_t(dots.size())));
    y -= dots;
  }
  const DenseVector s = solve_schur(y);
  if (W_.cols() > 0) {
    WriteArray v(v_.handle());
    Eigen::Map<DenseVector>(v.data(), W_.rows()) -= W_ * s;
  }
  view.contract(v_.handle(), s, z);
}

// ---- The PETSc preconditioner -----------------------------------------------------------------

const BorderedView& operator_of(PC pc) {
  Mat H = nullptr;
  GLEBE_PETSC(PCGetOperators(pc, nullptr, &H));
  const BorderedView* view = BorderedView::of(H);
  if (!view) throw RunError("the bordered preconditioner needs a bordered matrix");
  return *view;
}

BorderedPreconditioner& preconditioner_of(PC pc) {
  void* context = nullptr;
  GLEBE_PETSC(PCShellGetContext(pc, &context));
  return *static_cast<BorderedPreconditioner*>(context);
}

PetscErrorCode set_up(PC pc) {
  return within_petsc([&] { preconditioner_of(pc).set_up(operator_of(pc)); });
}

PetscErrorCode apply(PC pc, Vec r, Vec z) {
  return within_petsc([&] { preconditioner_of(pc).apply(operator_of(pc), r, z); });
}

PetscErrorCode destroy(PC pc) {
  return within_petsc([&] {
    delete &preconditioner_of(pc);
    GLEBE_PETSC(PCShellSetContext(pc, nullptr));
  });
}

} // namespace

void set_bordered_preconditioner(KSP ksp) {
  const char* prefix = nullptr;
  PetscBool given = PETSC_FALSE;
  GLEBE_PETSC(KSPGetOptionsPrefix(ksp, &prefix));
  GLEBE_PETSC(PetscOptionsHasName(nullptr, prefix, "-pc_type", &given));
  if (given) return;
  PC pc = nullptr;
  GLEBE_PETSC(KSPGetPC(ksp, &pc));
  GLEBE_PETSC(PCSetType(pc, PCSHELL));
  GLEBE_PETSC(PCShellSetName(pc, "block elimination of the shared controls"));
  GLEBE_PETSC(PCShellSetSetUp(pc, set_up));
  GLEBE_PETSC(PCShellSetApply(pc, apply));
  GLEBE_PETSC(PCShellSetDestroy(pc, destroy));
  GLEBE_PETSC(PCShellSetContext(pc, new BorderedPreconditioner));
}

} // namespace glebe
