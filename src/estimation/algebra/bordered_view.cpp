// SPDX-License-Identifier: BSD-3-Clause
#include "bordered_view.hpp"

#include "glebe/base/petsc_versions.hpp"

#include <algorithm>
#include <numeric>

namespace glebe {

BorderedView::BorderedView(std::shared_ptr<BorderedParts> parts) : parts_(std::move(parts)) {
  PetscInt k = 0, k_local = 0;
  GLEBE_PETSC(MatGetSize(parts_->border.handle(), nullptr, &k));
  GLEBE_PETSC(MatGetLocalSize(parts_->border.handle(), &n_column_control_, &k_local));
  n_shared_ = static_cast<std::size_t>(k);
  const Ranks ranks(comm());
  owns_shared_ = ranks.rank() == ranks.size() - 1;
  free_.resize(static_cast<std::size_t>(n_column_control_ + k_local));
  std::iota(free_.begin(), free_.end(), 0);
  free_shared_.assign(n_shared_, 1);
  u_ = make_vector(comm(), n_column_control_);
  v_ = make_vector(comm(), n_column_control_);
  short_ = make_vector(comm(), k_local);
}

MPI_Comm BorderedView::comm() const {
  return PetscObjectComm(reinterpret_cast<PetscObject>(parts_->columns.handle()));
}

BorderedView BorderedView::block(IS rows) const {
  const Ranks ranks(comm());
  const auto first = static_cast<PetscInt>(ranks.exclusive_sum(std::int64_t{n_local()}));
  PetscInt n = 0;
  const PetscInt* numbers = nullptr;
  GLEBE_PETSC(ISGetLocalSize(rows, &n));
  GLEBE_PETSC(ISGetIndices(rows, &numbers));
  std::vector<PetscInt> chosen;
  for (PetscInt i = 0; i < n; ++i) {
    const PetscInt local = numbers[i] - first;
    if (local >= 0 && local < n_local()) chosen.push_back(free_[static_cast<std::size_t>(local)]);
  }
  GLEBE_PETSC(ISRestoreIndices(rows, &numbers));
  if (ranks.any(chosen.size() != static_cast<std::size_t>(n)))
    throw RunError("a submatrix of a bordered matrix must not have rows of another rank");

  BorderedView block(parts_);
  block.shift_ = shift_;
  block.free_ = std::move(chosen);
  std::fill(block.free_shared_.begin(), block.free_shared_.end(), char{0});
  for (const PetscInt position : block.free_)
    if (position >= n_column_control_)
      block.free_shared_[static_cast<std::size_t>(position - n_column_control_)] = 1;
  if (n_shared_ > 0) block.free_shared_ = ranks.max(std::move(block.free_shared_));
  return block;
}

BorderedView BorderedView::copy() const {
  auto parts = std::make_shared<BorderedParts>();
  GLEBE_PETSC(MatDuplicate(parts_->columns.handle(), MAT_COPY_VALUES, parts->columns.address()));
  GLEBE_PETSC(MatDuplicate(parts_->border.handle(), MAT_COPY_VALUES, parts->border.address()));
  parts->shared = parts_->shared;
  parts->filled = parts_->filled;
  parts->coupled = parts_->coupled;
  parts->product = parts_->product;
  BorderedView copy(parts);
  copy.free_ = free_;
  copy.free_shared_ = free_shared_;
  copy.shift_ = shift_;
  return copy;
}

std::vector<PetscInt> BorderedView::held_rows() const {
  std::vector<char> held(static_cast<std::size_t>(n_column_control_), 1);
  for (const PetscInt position : free_)
    if (position < n_column_control_) held[static_cast<std::size_t>(position)] = 0;
  PetscInt first = 0;
  GLEBE_PETSC(MatGetOwnershipRange(parts_->columns.handle(), &first, nullptr));
  std::vector<PetscInt> rows;
  for (std::size_t i = 0; i < held.size(); ++i)
    if (held[i]) rows.push_back(first + static_cast<PetscInt>(i));
  return rows;
}

void BorderedView::expand(Vec x, Vec u, DenseVector& y) const {
  GLEBE_PETSC(VecSet(u, 0.0));
  y = DenseVector::Zero(Eigen::Index(n_shared_));
  {
    const ReadArray from(x);
    WriteArray to(u);
    for (std::size_t i = 0; i < free_.size(); ++i) {
      if (free_[i] < n_column_control_)
        to[static_cast<std::size_t>(free_[i])] = from[i];
      else
        y[free_[i] - n_column_control_] = from[i];
    }
  }
  if (n_shared_ == 0) return;
  const Ranks ranks(comm());
  ranks.broadcast(ranks.size() - 1, std::span(y.data(), n_shared_));
}

void BorderedView::contract(Vec u, const DenseVector& y, Vec x) const {
  const ReadArray from(u);
  WriteArray to(x);
  for (std::size_t i = 0; i < free_.size(); ++i)
    to[i] = free_[i] < n_column_control_ ? from[static_cast<std::size_t>(free_[i])]
                                         : y[free_[i] - n_column_control_];
}

void BorderedView::multiply(Vec x, Vec result) const {
  if (parts_->product)
    multiply_by_product(x, result);
  else
    multiply_parts(x, result);
  if (shift_ != 0.0) GLEBE_PETSC(VecAXPY(result, shift_, x));
}

void BorderedView::multiply_by_product(Vec x, Vec result) const {
  const PetscInt n = n_column_control_ + (owns_shared_ ? static_cast<PetscInt>(n_shared_) : 0);
  const Vector all = make_vector(comm(), n), product = make_vector(comm(), n);
  {
    const ReadArray from(x);
    WriteArray to(all.handle());
    for (std::size_t i = 0; i < free_.size(); ++i) to[static_cast<std::size_t>(free_[i])] = from[i];
  }
  parts_->product(all.handle(), product.handle());
  const ReadArray from(product.handle());
  WriteArray to(result);
  for (std::size_t i = 0; i < free_.size(); ++i) to[i] = from[static_cast<std::size_t>(free_[i])];
}

void BorderedView::multiply_parts(Vec x, Vec result) const {
  DenseVector y;
  expand(x, u_.handle(), y);
  GLEBE_PETSC(MatMult(parts_->columns.handle(), u_.handle(), v_.handle()));
  DenseVector product = DenseVector::Zero(y.size());
  if (n_shared_ > 0) {
    GLEBE_PETSC(MatMultTranspose(parts_->border.handle(), u_.handle(), short_.handle()));
    if (owns_shared_) {
      WriteArray own(short_.handle());
      Eigen::Map<DenseVector> of_border(own.data(), y.size());
      product = of_border + parts_->shared * y;
      of_border = y;
    }
    GLEBE_PETSC(MatMultAdd(parts_->border.handle(), short_.handle(), v_.handle(), v_.handle()));
  }
  contract(v_.handle(), product, result);
}

// Before the first Hessian is filled TAO needs a diagonal, for the norm of its first gradient step.
void BorderedView::diagonal(Vec result) const {
  if (!parts_->filled) {
    GLEBE_PETSC(VecSet(result, 1.0));
    return;
  }
  GLEBE_PETSC(MatGetDiagonal(parts_->columns.handle(), u_.handle()));
  contract(u_.handle(), parts_->shared.diagonal(), result);
  GLEBE_PETSC(VecShift(result, shift_));
}

// ---- The PETSc matrix -----------------------------------------------------------------------

namespace {

PetscErrorCode shell_multiply(Mat H, Vec x, Vec result) {
  return within_petsc([&] { BorderedView::of(H)->multiply(x, result); });
}

PetscErrorCode shell_diagonal(Mat H, Vec result) {
  return within_petsc([&] { BorderedView::of(H)->diagonal(result); });
}

PetscErrorCode shell_shift(Mat H, PetscScalar by) {
  return within_petsc([&] {
    BorderedView& view = *BorderedView::of(H);
    view.set_shift(view.shift() + by);
  });
}

PetscErrorCode shell_duplicate(Mat H, MatDuplicateOption, Mat* copy) {
  return within_petsc([&] { *copy = BorderedView::make_shell(BorderedView::of(H)->copy()); });
}

PetscErrorCode shell_block(Mat H, IS rows, IS columns, MatReuse reuse, Mat* block) {
  return within_petsc([&] {
    PetscBool same = PETSC_TRUE;
    if (rows != columns) GLEBE_PETSC(ISEqual(rows, columns, &same));
    if (!same || reuse != MAT_INITIAL_MATRIX)
      throw RunError(
          "a submatrix of a bordered matrix must be new, and have the same rows and columns");
    *block = BorderedView::make_shell(BorderedView::of(H)->block(rows));
  });
}

template <class Function>
void set_operation(Mat matrix, MatOperation operation, Function function) {
  GLEBE_PETSC(
      MatShellSetOperation(matrix, operation, reinterpret_cast<MatShellFunction>(function)));
}

} // namespace

Mat BorderedView::make_shell(BorderedView view) {
  const PetscInt n = view.n_local();
  const MPI_Comm comm = view.comm();
  auto context = std::make_unique<BorderedView>(std::move(view));
  Matrix shell;
  GLEBE_PETSC(
      MatCreateShell(comm, n, n, PETSC_DETERMINE, PETSC_DETERMINE, nullptr, shell.address()));
  GLEBE_PETSC(set_owned_context(shell.handle(), context.get()));
  static_cast<void>(context.release()); // the matrix has it
  GLEBE_PETSC(MatShellSetManageScalingShifts(shell.handle()));
  set_operation(shell.handle(), MATOP_MULT, shell_multiply);
  set_operation(shell.handle(), MATOP_MULT_TRANSPOSE, shell_multiply);
  set_operation(shell.handle(), MATOP_GET_DIAGONAL, shell_diagonal);
  set_operation(shell.handle(), MATOP_SHIFT, shell_shift);
  set_operation(shell.handle(), MATOP_DUPLICATE, shell_duplicate);
  set_operation(shell.handle(), MATOP_CREATE_SUBMATRIX, shell_block);
  GLEBE_PETSC(MatSetOption(shell.handle(), MAT_SYMMETRIC, PETSC_TRUE));
  assemble(shell.handle());
  Mat result = shell.handle();
  *shell.address() = nullptr;
  return result;
}

BorderedView* BorderedView::of(Mat matrix) {
  PetscBool is_shell = PETSC_FALSE;
  GLEBE_PETSC(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(matrix), MATSHELL, &is_shell));
  if (!is_shell) return nullptr;
  void* context = nullptr;
  GLEBE_PETSC(MatShellGetContext(matrix, &context));
  return static_cast<BorderedView*>(context);
}

} // namespace glebe
