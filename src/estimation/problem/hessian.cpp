// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/problem/hessian.hpp"

#include <algorithm>

namespace glebe {

namespace {

Matrix make_blocks(const Ranks& ranks, const Controls& controls) {
  const auto n = static_cast<PetscInt>(controls.n_local());
  const auto m = static_cast<PetscInt>(controls.per_column());
  Matrix H;
  GLEBE_PETSC(MatCreateAIJ(ranks.comm(), n, n, PETSC_DETERMINE, PETSC_DETERMINE, m, nullptr, 0,
                           nullptr, H.address()));
  GLEBE_PETSC(MatSetOption(H.handle(), MAT_SYMMETRIC, PETSC_TRUE));
  return H;
}

Matrix make_border_of(const Ranks& ranks, const Controls& controls) {
  std::vector<std::vector<PetscInt>> shared_of_column(controls.n_column());
  for (std::size_t c = 0; c < controls.n_column(); ++c)
    for (std::size_t k = 0; k < controls.per_column(); ++k)
      if (controls.shared(k))
        shared_of_column[c].push_back(
            static_cast<PetscInt>(controls.number(c, k) - controls.first_shared()));
  return make_border(ranks, controls.n_own(), controls.n_shared(), shared_of_column);
}

} // namespace

Hessian::Hessian(const Ranks& ranks, const Controls& controls, const PriorCoupling& coupling,
                 MatrixProduct product)
    : ranks_(ranks), controls_(controls), coupling_(coupling), by_products_(product != nullptr) {
  if (!coupling.couples_columns() && !product) {
    blocks_ = make_blocks(ranks, controls);
    return;
  }
  Matrix columns;
  if (coupling.couples_columns())
    GLEBE_PETSC(MatDuplicate(coupling.fields(), MAT_COPY_VALUES, columns.address()));
  else
    columns =
        make_column_matrix(ranks, controls.n_column(), std::vector<Mat>(controls.n_own(), nullptr));
  bordered_.emplace(ranks, std::move(columns), make_border_of(ranks, controls));
  if (product)
    bordered_->multiply_by([this, product](Vec v, Vec w) {
      ++n_product_;
      product(v, w);
    });
}

// With some hundred values per column, filling costs as much as one product per twelve values
// (glebe_bench adjoint); a solve with the preconditioner of the same point takes two or three
// products.
bool Hessian::can_be_kept() const {
  return by_products_ && is_filled_ && n_product_ <= 3 + controls_.per_column() / 12;
}

void Hessian::keep() {
  n_product_ = 0;
  bordered_->refilled();
}

void Hessian::begin() {
  if (!bordered_) {
    GLEBE_PETSC(MatZeroEntries(blocks_.handle()));
    return;
  }
  if (coupling_.couples_columns())
    GLEBE_PETSC(MatCopy(coupling_.fields(), bordered_->columns(), SAME_NONZERO_PATTERN));
  else
    GLEBE_PETSC(MatZeroEntries(bordered_->columns()));
  GLEBE_PETSC(MatZeroEntries(bordered_->border()));
  shared_ = DenseMatrix::Zero(coupling_.shared().rows(), coupling_.shared().cols());
}

void Hessian::add_column(std::size_t column, const DenseMatrix& block) {
  std::vector<PetscInt> rows;
  for (const std::size_t k : controls_.own())
    rows.push_back(static_cast<PetscInt>(controls_.number(column, k)));
  const DenseMatrix own = block(controls_.own(), controls_.own());
  const auto n = static_cast<PetscInt>(rows.size());
  const Mat matrix = bordered_ ? bordered_->columns() : blocks_.handle();
  if (n > 0)
    GLEBE_PETSC(MatSetValues(matrix, n, rows.data(), n, rows.data(), own.data(), ADD_VALUES));
  if (bordered_) add_to_border(column, block);
}

void Hessian::add_to_border(std::size_t column, const DenseMatrix& block) {
  for (std::size_t j = 0; j < controls_.per_column(); ++j) {
    if (!controls_.shared(j)) continue;
    const std::size_t s = controls_.number(column, j) - controls_.first_shared();
    for (std::size_t k = 0; k < controls_.per_column(); ++k) {
      const std::size_t i = controls_.number(column, k);
      if (controls_.shared(k))
        shared_(i - controls_.first_shared(), s) += block(k, j);
      else
        GLEBE_PETSC(MatSetValue(bordered_->border(), static_cast<PetscInt>(i),
                                static_cast<PetscInt>(s), block(k, j), ADD_VALUES));
    }
  }
}

// A one on the diagonal keeps a shared control at its value if neither data nor prior inform it.
void Hessian::finish() {
  is_filled_ = true;
  n_product_ = 0;
  if (!bordered_) return assemble(blocks_.handle());
  assemble(bordered_->columns());
  assemble(bordered_->border());
  ranks_.sum(std::span(shared_.data(), static_cast<std::size_t>(shared_.size())));
  DenseMatrix& S = bordered_->shared();
  S = shared_ + coupling_.shared();
  for (Eigen::Index s = 0; s < S.rows(); ++s)
    if (S(s, s) == 0.0) S(s, s) = 1.0;
  bordered_->refilled();
}

} // namespace glebe
