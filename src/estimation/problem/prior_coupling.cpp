// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/problem/prior_coupling.hpp"

#include "glebe/base/random.hpp"
#include "glebe/estimation/algebra/bordered_matrix.hpp"
#include "glebe/estimation/algebra/dense.hpp"
#include "glebe/estimation/problem/matern.hpp"
#include "glebe/estimation/problem/prior.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

constexpr std::size_t no_field = static_cast<std::size_t>(-1);

} // namespace

PriorCoupling::PriorCoupling(const Ranks& ranks, const Columns& columns, const Controls& controls,
                             const std::optional<CellGeometry>& geometry)
    : n_shared_(controls.n_shared()), n_own_(controls.n_own()), cells_(columns.cells()) {
  for (std::size_t k = 0; k < controls.per_column(); ++k)
    has_fields_ = has_fields_ || controls.is_field(k);
  if (!couples_columns()) return;
  mean_ = controls.initial_x();
  make_fields(ranks, columns, controls, geometry);
  make_shared(controls);
}

// The knots in time of one parameter have the same precision, which is made once.
void PriorCoupling::make_fields(const Ranks& ranks, const Columns& columns,
                                const Controls& controls,
                                const std::optional<CellGeometry>& geometry) {
  std::vector<Matrix> made;
  std::vector<Mat> of_own;
  const ParameterSettings* made_for = nullptr;
  for (const std::size_t k : controls.own()) {
    const Control& control = controls[k];
    of_own.push_back(nullptr);
    root_of_.push_back(no_field);
    if (!controls.is_field(k)) continue;
    if (made.empty() || made_for != control.settings) {
      const double std = control.prior_std / controls.scale(k);
      made.push_back(matern_precision(ranks, columns, *geometry, std, control.correlation_length));
      roots_.push_back(matern_root(ranks, columns, *geometry, std, control.correlation_length));
    }
    made_for = control.settings;
    of_own.back() = made.back().handle();
    root_of_.back() = made.size() - 1;
  }
  fields_ = make_column_matrix(ranks, controls.n_column(), of_own);
}

// The random walk in time couples the knots of one parameter in the same class.
void PriorCoupling::make_shared(const Controls& controls) {
  const DenseMatrix precision = precision_of_values(controls);
  const std::size_t n = n_shared_;
  std::vector<std::size_t> class_of(n, 0);
  for (std::size_t s = 1; s < n; ++s)
    if (controls.value_of_shared(s) == controls.value_of_shared(s - 1))
      class_of[s] = class_of[s - 1] + 1;
  shared_ = DenseMatrix::Zero(n, n);
  for (std::size_t s = 0; s < n; ++s)
    for (std::size_t t = 0; t < n; ++t)
      if (class_of[s] == class_of[t])
        shared_(s, t) = precision(controls.value_of_shared(s), controls.value_of_shared(t));
}

void PriorCoupling::add_product(Vec v, Vec w) const {
  if (!couples_columns()) return;
  PetscInt n_own = 0, n_local = 0, n_all = 0;
  GLEBE_PETSC(MatGetLocalSize(fields_.handle(), &n_own, nullptr));
  GLEBE_PETSC(VecGetLocalSize(v, &n_local));
  GLEBE_PETSC(VecGetSize(v, &n_all));
  const auto own = static_cast<std::size_t>(n_own);
  const MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(v));
  Vector u = make_vector(comm, n_own), Qu = make_vector(comm, n_own);
  const ReadArray from(v);
  std::copy(from.data(), from.data() + own, WriteArray(u.handle()).data());
  if (has_fields_) GLEBE_PETSC(MatMult(fields_.handle(), u.handle(), Qu.handle()));
  WriteArray to(w);
  const ReadArray product(Qu.handle());
  for (std::size_t i = 0; i < own; ++i) to[i] += product[i];
  if (n_local == n_own) return; // another rank holds the shared controls
  const Eigen::Index n = shared_.rows();
  Eigen::Map<DenseVector>(to.data() + own, n) +=
      shared_ * Eigen::Map<const DenseVector>(from.data() + own, n);
}

void PriorCoupling::add_noise(Vec z, std::uint64_t seed, std::uint64_t sample) const {
  constexpr std::uint64_t offset = 1'000'000; // distinct from other uses of the seed
  const MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(z));
  WriteArray to(z);
  for (std::size_t k = 0; k < root_of_.size(); ++k) {
    if (root_of_[k] == no_field) continue;
    const Mat L = roots_[root_of_[k]].handle();
    PetscInt n = 0;
    GLEBE_PETSC(MatGetLocalSize(L, &n, nullptr));
    const auto n_column = static_cast<std::size_t>(n);
    const Vector white = make_vector(comm, n), field = make_vector(comm, n);
    {
      WriteArray values(white.handle());
      for (std::size_t c = 0; c < n_column; ++c)
        values[c] = random_normal(seed, sample, cells_[c], offset + k);
    }
    GLEBE_PETSC(MatMultTranspose(L, white.handle(), field.handle()));
    const ReadArray values(field.handle());
    for (std::size_t c = 0; c < n_column; ++c) to[c * n_own_ + k] += values[c];
  }
  PetscInt n_local = 0, n_of_columns = 0;
  GLEBE_PETSC(VecGetLocalSize(z, &n_local));
  GLEBE_PETSC(MatGetLocalSize(fields_.handle(), &n_of_columns, nullptr));
  if (n_local == n_of_columns) return; // another rank holds the shared controls
  DenseVector normal(n_shared_);
  for (std::size_t e = 0; e < n_shared_; ++e)
    normal[e] = random_normal(seed, sample, e, 2 * offset);
  Eigen::Map<DenseVector>(to.data() + n_of_columns, shared_.rows()) += root_of(shared_) * normal;
}

void PriorCoupling::add_gradient(Vec x, Vec g) const {
  if (!couples_columns()) return;
  Vector distance;
  GLEBE_PETSC(VecDuplicate(x, distance.address()));
  GLEBE_PETSC(VecWAXPY(distance.handle(), -1.0, mean_.handle(), x));
  add_product(distance.handle(), g);
}

double PriorCoupling::cost(Vec x) const {
  if (!couples_columns()) return 0.0;
  Vector distance, force;
  GLEBE_PETSC(VecDuplicate(x, distance.address()));
  GLEBE_PETSC(VecDuplicate(x, force.address()));
  GLEBE_PETSC(VecWAXPY(distance.handle(), -1.0, mean_.handle(), x));
  GLEBE_PETSC(VecSet(force.handle(), 0.0));
  add_product(distance.handle(), force.handle());
  double product = 0.0;
  GLEBE_PETSC(VecDot(distance.handle(), force.handle(), &product));
  return 0.5 * product;
}

} // namespace glebe
