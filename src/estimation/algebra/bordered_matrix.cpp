// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/algebra/bordered_matrix.hpp"

#include "bordered_view.hpp"

namespace glebe {

namespace {

/// The entries of a row of a matrix, for the life of the object.
class MatrixRow {
public:
  MatrixRow(Mat matrix, PetscInt row) : matrix_(matrix), row_(row) {
    GLEBE_PETSC(MatGetRow(matrix_, row_, &size_, &columns_, &values_));
  }
  ~MatrixRow() { static_cast<void>(MatRestoreRow(matrix_, row_, &size_, &columns_, &values_)); }
  MatrixRow(const MatrixRow&) = delete;
  MatrixRow& operator=(const MatrixRow&) = delete;
  PetscInt size() const { return size_; }
  PetscInt column(PetscInt i) const { return columns_[i]; }
  double value(PetscInt i) const { return values_[i]; }

private:
  Mat matrix_;
  PetscInt row_;
  PetscInt size_ = 0;
  const PetscInt* columns_ = nullptr;
  const PetscScalar* values_ = nullptr;
};

/// The numbers of entries of each row in columns of its own rank and of others, as PETSc needs
/// them.
struct Preallocation {
  std::vector<PetscInt> diagonal, off_diagonal;
};

Preallocation count_entries(const std::vector<Mat>& precisions, PetscInt first, PetscInt n) {
  const auto m = static_cast<PetscInt>(precisions.size());
  Preallocation counts;
  for (PetscInt c = first; c < first + n; ++c)
    for (const Mat precision : precisions) {
      PetscInt own = m, other = 0;
      if (precision) {
        const MatrixRow row(precision, c);
        for (PetscInt i = 0; i < row.size(); ++i) {
          const bool here = row.column(i) >= first && row.column(i) < first + n;
          if (row.column(i) != c) ++(here ? own : other);
        }
      }
      counts.diagonal.push_back(own);
      counts.off_diagonal.push_back(other);
    }
  return counts;
}

void put_precision(Mat A, Mat precision, PetscInt control, PetscInt m, PetscInt first, PetscInt n) {
  for (PetscInt c = first; c < first + n; ++c) {
    const MatrixRow row(precision, c);
    for (PetscInt i = 0; i < row.size(); ++i)
      GLEBE_PETSC(
          MatSetValue(A, c * m + control, row.column(i) * m + control, row.value(i), ADD_VALUES));
  }
}

// Whether any row has an entry outside the block of its own column.
bool couples_columns(const Ranks& ranks, Mat A) {
  PetscInt m = 1, first = 0, last = 0;
  GLEBE_PETSC(MatGetBlockSize(A, &m));
  GLEBE_PETSC(MatGetOwnershipRange(A, &first, &last));
  bool couples = false;
  for (PetscInt i = first; i < last && !couples; ++i) {
    const MatrixRow row(A, i);
    for (PetscInt j = 0; j < row.size(); ++j)
      if (row.column(j) / m != i / m) couples = true;
  }
  return ranks.any(couples);
}

} // namespace

Matrix make_column_matrix(const Ranks& ranks, std::size_t n_column,
                          const std::vector<Mat>& precisions) {
  const auto n = static_cast<PetscInt>(n_column), m = static_cast<PetscInt>(precisions.size());
  const auto first = static_cast<PetscInt>(ranks.exclusive_sum(std::int64_t{n}));
  const Preallocation counts = count_entries(precisions, first, n);
  Matrix A;
  GLEBE_PETSC(MatCreate(ranks.comm(), A.address()));
  GLEBE_PETSC(MatSetSizes(A.handle(), n * m, n * m, PETSC_DETERMINE, PETSC_DETERMINE));
  GLEBE_PETSC(MatSetType(A.handle(), MATAIJ));
  if (m > 0) GLEBE_PETSC(MatSetBlockSize(A.handle(), m));
  GLEBE_PETSC(MatSeqAIJSetPreallocation(A.handle(), 0, counts.diagonal.data()));
  GLEBE_PETSC(MatMPIAIJSetPreallocation(A.handle(), 0, counts.diagonal.data(), 0,
                                        counts.off_diagonal.data()));
  const std::vector<double> zeros(static_cast<std::size_t>(m * m), 0.0);
  for (PetscInt c = first; c < first + n; ++c) {
    std::vector<PetscInt> rows;
    for (PetscInt k = 0; k < m; ++k) rows.push_back(c * m + k);
    GLEBE_PETSC(MatSetValues(A.handle(), m, rows.data(), m, rows.data(), zeros.data(), ADD_VALUES));
  }
  for (PetscInt k = 0; k < m; ++k)
    if (precisions[static_cast<std::size_t>(k)])
      put_precision(A.handle(), precisions[static_cast<std::size_t>(k)], k, m, first, n);
  assemble(A.handle());
  GLEBE_PETSC(MatSetOption(A.handle(), MAT_SYMMETRIC, PETSC_TRUE));
  return A;
}

Matrix make_border(const Ranks& ranks, std::size_t per_column, std::size_t n_shared,
                   const std::vector<std::vector<PetscInt>>& shared_of_column) {
  const auto n = static_cast<PetscInt>(shared_of_column.size() * per_column);
  const auto k = static_cast<PetscInt>(n_shared);
  const bool owns_shared = ranks.rank() == ranks.size() - 1;
  std::vector<PetscInt> diagonal, off_diagonal; // numbers of entries per row
  for (const std::vector<PetscInt>& shared : shared_of_column) {
    const auto count = static_cast<PetscInt>(shared.size());
    diagonal.insert(diagonal.end(), per_column, owns_shared ? count : 0);
    off_diagonal.insert(off_diagonal.end(), per_column, owns_shared ? 0 : count);
  }
  Matrix C;
  GLEBE_PETSC(MatCreateAIJ(ranks.comm(), n, owns_shared ? k : 0, PETSC_DETERMINE, k, 0,
                           diagonal.data(), 0, off_diagonal.data(), C.address()));
  PetscInt row = 0;
  GLEBE_PETSC(MatGetOwnershipRange(C.handle(), &row, nullptr));
  for (const std::vector<PetscInt>& shared : shared_of_column) {
    const std::vector<double> zeros(shared.size(), 0.0);
    for (std::size_t control = 0; control < per_column; ++control, ++row)
      GLEBE_PETSC(MatSetValues(C.handle(), 1, &row, static_cast<PetscInt>(shared.size()),
                               shared.data(), zeros.data(), INSERT_VALUES));
  }
  assemble(C.handle());
  return C;
}

BorderedMatrix::BorderedMatrix(const Ranks& ranks, Matrix columns, Matrix border)
    : parts_(std::make_shared<BorderedParts>()) {
  PetscInt k = 0, k_local = 0;
  GLEBE_PETSC(MatGetSize(border.handle(), nullptr, &k));
  GLEBE_PETSC(MatGetLocalSize(border.handle(), nullptr, &k_local));
  const bool owns_shared = ranks.rank() == ranks.size() - 1;
  if (ranks.any(k_local != (owns_shared ? k : 0)))
    throw RunError("the shared controls of a bordered matrix must belong to the last rank");
  n_shared_ = static_cast<std::size_t>(k);
  parts_->coupled = couples_columns(ranks, columns.handle());
  parts_->columns = std::move(columns);
  parts_->border = std::move(border);
  parts_->shared = DenseMatrix::Zero(k, k);
  shell_ = Matrix(BorderedView::make_shell(BorderedView(parts_)));
}

void BorderedMatrix::refilled() {
  parts_->filled = true;
  BorderedView::of(handle())->set_shift(0.0);
  assemble(handle());
}

PetscInt BorderedMatrix::n_local() const { return BorderedView::of(handle())->n_local(); }

} // namespace glebe
