// SPDX-License-Identifier: BSD-3-Clause
// With the free controls of columns in front and what they share behind,
//
//     [ A    C ] -1    [ A^-1 + W Z W^T   -W Z ]
//     [ C^T  S ]    =  [ -Z W^T             Z  ],   W = A^-1 C,   Z = (S - C^T W)^-1.
//
// Of A^-1 only the blocks of columns are wanted.
#include "glebe/estimation/algebra/cholesky_factor.hpp"

#include <cmath>

#include "covariance_ways.hpp"

namespace glebe {

namespace {

class Factored {
public:
  explicit Factored(const CoupledPoint& point)
      : point_(point), controls_(point.controls), free_shared_(point.free_shared()),
        hessian_(point.ranks, point.controls, point.coupling) {
    point.fill(hessian_);
    const Matrix A = free_columns();
    const CholeskyFactor factor(point.ranks, A.handle());
    eliminate(factor);
    blocks_ = factor.inverse_blocks(controls_.n_own());
  }

  std::vector<double> covariance() const {
    const std::size_t m = controls_.per_column();
    std::vector<double> result(controls_.n_column() * m * m, std::nan(""));
    for (std::size_t c = 0; c < controls_.n_column(); ++c) store(c, result.data() + c * m * m);
    return result;
  }

private:
  // What the data do not determine is kept from being indefinite by rounding; what is held stands
  // alone.
  Matrix free_columns() const {
    constexpr double rounding = 1e-13;
    Matrix A;
    GLEBE_PETSC(MatDuplicate(hessian_.bordered().columns(), MAT_COPY_VALUES, A.address()));
    const auto n = static_cast<PetscInt>(controls_.n_column() * controls_.n_own());
    const Vector diagonal = make_vector(point_.ranks.comm(), n);
    PetscReal least = 0.0, most = 0.0;
    GLEBE_PETSC(MatGetDiagonal(A.handle(), diagonal.handle()));
    GLEBE_PETSC(VecMin(diagonal.handle(), nullptr, &least));
    GLEBE_PETSC(VecMax(diagonal.handle(), nullptr, &most));
    GLEBE_PETSC(VecScale(diagonal.handle(), rounding));
    if (least <= 0.0) GLEBE_PETSC(VecShift(diagonal.handle(), rounding * most));
    GLEBE_PETSC(MatDiagonalSet(A.handle(), diagonal.handle(), ADD_VALUES));
    std::vector<PetscInt> held;
    for (PetscInt i = 0; i < n; ++i)
      if (!point_.free[static_cast<std::size_t>(i)])
        held.push_back(static_cast<PetscInt>(controls_.first()) + i);
    GLEBE_PETSC(MatZeroRowsColumns(A.handle(), static_cast<PetscInt>(held.size()), held.data(), 1.0,
                                   nullptr, nullptr));
    return A;
  }

  // A column of C on the free controls.
  Vector border(std::size_t s) const {
    const std::size_t n = controls_.n_column() * controls_.n_own();
    Vector column = make_vector(point_.ranks.comm(), static_cast<PetscInt>(n));
    GLEBE_PETSC(MatGetColumnVector(hessian_.bordered().border(), column.handle(),
                                   static_cast<PetscInt>(s)));
    WriteArray values(column.handle());
    for (std::size_t i = 0; i < n; ++i)
      if (!point_.free[i]) values[i] = 0.0;
    return column;
  }

  void eliminate(const CholeskyFactor& factor) {
    const std::size_t n_shared = controls_.n_shared();
    W_.resize(n_shared);
    std::vector<Vector> solutions(n_shared);
    for (std::size_t s = 0; s < n_shared; ++s) {
      const Vector C = border(s);
      GLEBE_PETSC(VecDuplicate(C.handle(), solutions[s].address()));
      factor.solve(C.handle(), solutions[s].handle());
      const ReadArray values(solutions[s].handle());
      W_[s].assign(values.data(), values.data() + controls_.n_column() * controls_.n_own());
    }
    Dense schur = hessian_.bordered().shared();
    for (std::size_t s = 0; s < n_shared; ++s) {
      const Vector C = border(s);
      for (std::size_t t = 0; t < n_shared; ++t) {
        double product = 0.0;
        GLEBE_PETSC(VecDot(C.handle(), solutions[t].handle(), &product));
        schur[s * n_shared + t] -= product;
      }
    }
    Z_ = inverse_of(free_shared_, schur);
  }

  // Rows of W and of W Z for own value number i of a column.
  double W(std::size_t column, std::size_t i, std::size_t s) const {
    return W_[s][column * controls_.n_own() + i];
  }
  std::vector<double> WZ(std::size_t column, std::size_t i) const {
    const std::size_t n = controls_.n_shared();
    std::vector<double> row(n, 0.0);
    for (std::size_t s = 0; s < n; ++s)
      for (std::size_t t = 0; t < n; ++t) row[t] += W(column, i, s) * Z_[s * n + t];
    return row;
  }

  void store(std::size_t column, double* result) const {
    const std::size_t m = controls_.per_column(), n_own = controls_.n_own();
    const double* block = blocks_.data() + column * n_own * n_own;
    const auto put = [&](std::size_t k, std::size_t j, double value) {
      if (point_.is_sought(free_shared_, column, k) && point_.is_sought(free_shared_, column, j))
        result[k * m + j] = result[j * m + k] = value;
    };
    const std::vector<std::size_t>& own = controls_.own();
    for (std::size_t i = 0; i < n_own; ++i) {
      const std::vector<double> row = WZ(column, i);
      for (std::size_t j = 0; j <= i; ++j) {
        double value = block[i * n_own + j];
        for (std::size_t s = 0; s < row.size(); ++s) value += row[s] * W(column, j, s);
        put(own[i], own[j], value);
      }
      for (std::size_t k = 0; k < m; ++k)
        if (controls_.shared(k)) put(own[i], k, -row[point_.shared_number(column, k)]);
    }
    for (std::size_t k = 0; k < m; ++k)
      for (std::size_t j = 0; j <= k; ++j)
        if (controls_.shared(k) && controls_.shared(j))
          put(k, j,
              Z_[point_.shared_number(column, k) * controls_.n_shared() +
                 point_.shared_number(column, j)]);
  }

  const CoupledPoint& point_;
  const Controls& controls_;
  std::vector<char> free_shared_;
  Hessian hessian_;
  std::vector<std::vector<double>> W_; ///< [shared][control of columns on this rank]
  Dense Z_;
  std::vector<double> blocks_; ///< of A^-1
};

} // namespace

std::vector<double> covariance_by_factor(const CoupledPoint& point) {
  return Factored(point).covariance();
}

} // namespace glebe
