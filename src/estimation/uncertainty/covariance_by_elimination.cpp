// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "covariance_ways.hpp"

namespace glebe {

namespace {

// The controls of one column that are free: its own values and what it shares, as values k.
struct FreeValues {
  std::vector<std::size_t> own, shared;
};

class Elimination {
public:
  explicit Elimination(const CoupledPoint& point)
      : point_(point), controls_(point.controls), columns_(point.columns),
        free_shared_(point.free_shared()) {}

  std::vector<double> covariance() {
    const std::size_t n_column = controls_.n_column(), n_shared = controls_.n_shared();
    Dense schur(n_shared * n_shared, 0.0);
    for (std::size_t c = 0; c < n_column; ++c) add_to_schur(c, schur);
    schur = point_.ranks.sum(std::move(schur));
    for (std::size_t i = 0; i < schur.size(); ++i) schur[i] += point_.coupling.shared()[i];
    const Dense of_shared = inverse_of(free_shared_, schur);
    const std::size_t m = controls_.per_column();
    std::vector<double> result(n_column * m * m, std::nan(""));
    for (std::size_t c = 0; c < n_column; ++c) store(c, of_shared, result.data() + c * m * m);
    return result;
  }

private:
  FreeValues free_values(std::size_t column) const {
    FreeValues values;
    for (std::size_t k = 0; k < controls_.per_column(); ++k)
      if (point_.is_sought(free_shared_, column, k))
        (controls_.shared(k) ? values.shared : values.own).push_back(k);
    return values;
  }

  // D^-1 of the own values and D^-1 C towards the shared ones [own][shared].
  void eliminate(const FreeValues& values, const Dense& block, Dense& D_inverse, Dense& W) const {
    const std::size_t m = controls_.per_column(), n = values.own.size(), s = values.shared.size();
    Dense D(n * n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) D[i * n + j] = block[values.own[i] * m + values.own[j]];
    D_inverse = inverse(std::move(D), n);
    W.assign(n * s, 0.0);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < s; ++j)
        for (std::size_t l = 0; l < n; ++l)
          W[i * s + j] += D_inverse[i * n + l] * block[values.own[l] * m + values.shared[j]];
  }

  void add_to_schur(std::size_t column, Dense& schur) const {
    const std::size_t m = controls_.per_column();
    const Dense block = columns_.block(column);
    const FreeValues values = free_values(column);
    Dense D_inverse, W;
    eliminate(values, block, D_inverse, W);
    const std::size_t s = values.shared.size();
    for (std::size_t i = 0; i < s; ++i)
      for (std::size_t j = 0; j < s; ++j) {
        double entry = block[values.shared[i] * m + values.shared[j]];
        for (std::size_t l = 0; l < values.own.size(); ++l)
          entry -= block[values.shared[i] * m + values.own[l]] * W[l * s + j];
        schur[point_.shared_number(column, values.shared[i]) * controls_.n_shared() +
              point_.shared_number(column, values.shared[j])] += entry;
      }
  }

  // Z the covariance of what is shared: between own values D^-1 + W Z W^T, towards shared -W Z.
  void store(std::size_t column, const Dense& of_shared, double* result) const {
    const std::size_t m = controls_.per_column();
    const FreeValues values = free_values(column);
    Dense D_inverse, W;
    eliminate(values, columns_.block(column), D_inverse, W);
    const std::size_t n = values.own.size(), s = values.shared.size();
    const auto Z = [&](std::size_t i, std::size_t j) {
      return of_shared[point_.shared_number(column, values.shared[i]) * controls_.n_shared() +
                       point_.shared_number(column, values.shared[j])];
    };
    for (std::size_t i = 0; i < s; ++i)
      for (std::size_t j = 0; j < s; ++j) result[values.shared[i] * m + values.shared[j]] = Z(i, j);
    for (std::size_t i = 0; i < n; ++i) {
      std::vector<double> WZ(s, 0.0);
      for (std::size_t j = 0; j < s; ++j)
        for (std::size_t l = 0; l < s; ++l) WZ[j] += W[i * s + l] * Z(l, j);
      for (std::size_t j = 0; j < s; ++j)
        result[values.own[i] * m + values.shared[j]] =
            result[values.shared[j] * m + values.own[i]] = -WZ[j];
      for (std::size_t j = 0; j < n; ++j) {
        double entry = D_inverse[i * n + j];
        for (std::size_t l = 0; l < s; ++l) entry += WZ[l] * W[j * s + l];
        result[values.own[i] * m + values.own[j]] = entry;
      }
    }
  }

  const CoupledPoint& point_;
  const Controls& controls_;
  const ColumnBlocks& columns_;
  std::vector<char> free_shared_;
};

} // namespace

std::vector<double> covariance_by_elimination(const CoupledPoint& point) {
  return Elimination(point).covariance();
}

} // namespace glebe
