// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/physics/real.hpp"
#include "glebe/physics/run/equivalent_sink.hpp"
#include "glebe/simulation/error_memory.hpp"

#include <optional>
#include <span>
#include <vector>

namespace glebe {

/// One stream's observations of a block of columns, [observation][lane].
struct StreamData {
  const double* value;
  const float* inverse_sigma; ///< zero where missing
  bool fitted;                ///< otherwise only compared with
  Loss loss;
  double huber_threshold;
  double memory = 0.0;          ///< time scale of the errors [s]; zero: independent
  const double* time = nullptr; ///< [observation] [s], where errors have a memory

  bool has_memory() const { return fitted && memory > 0.0; }
};

/// For each stream, what whitens it with so many tangents: nothing where errors are independent.
template <class Real>
std::vector<std::optional<Whitening<Real>>> make_whitening(const std::vector<StreamData>& streams,
                                                           std::size_t n_direction) {
  std::vector<std::optional<Whitening<Real>>> result(streams.size());
  for (std::size_t s = 0; s < streams.size(); ++s)
    if (streams[s].has_memory()) result[s].emplace(streams[s].memory, n_direction);
  return result;
}

/// One observation's misfit r = (H - y) / sigma with its share rho(r) of the cost and the weight w
/// of the Gauss-Newton block: for the Gaussian loss rho = r^2 / 2 and w = 1; for Huber's beyond the
/// threshold k, rho = k |r| - k^2 / 2 and w = k / |r|, so that the block stays positive. All of it
/// zero where missing, but for w.
template <class Real>
struct Residual {
  Mask<Real> missing;
  Real difference; ///< H - y [unit of the stream]
  Real inverse_sigma;
  Real r;
  Real rho;
  Real weight;

  [[gnu::always_inline]] Residual(const StreamData& data, std::size_t observation,
                                  const Real& equivalent) {
    const std::size_t position = observation * lane_count<Real>;
    inverse_sigma = load<Real>(data.inverse_sigma + position);
    missing = less_than(inverse_sigma, 1e-30);
    difference = select(missing, Real(0.0), Real(equivalent - load<Real>(data.value + position)));
    r = difference * inverse_sigma;
    weight = 1.0;
    rho = 0.5 * r * r;
    if (data.loss == Loss::huber) {
      const double k = data.huber_threshold;
      const auto inside = less_than(magnitude(r), k);
      weight = select(inside, weight, Real(k / select(inside, Real(1.0), magnitude(r))));
      rho = select(inside, rho, Real(k * magnitude(r) - 0.5 * k * k));
    }
  }
};

/// Collects, from the model equivalents of the observations and their tangents, the cost
/// J = sum rho(r), its gradient S^T w r / sigma and the Gauss-Newton block S^T w S / sigma^2. Of a
/// stream whose errors have a memory it is the whitened misfit e, its tangent and its square, in
/// place of r, S / sigma and rho.
template <class Real>
class Misfit final : public EquivalentSink<Real> {
public:
  Misfit(std::vector<StreamData> streams, std::size_t n_direction)
      : streams_(std::move(streams)), whitening_(make_whitening<Real>(streams_, n_direction)),
        gradient(n_direction, Real(0.0)),
        gauss_newton(n_direction * (n_direction + 1) / 2, Real(0.0)),
        count(streams_.size(), Real(0.0)), sum(count), sum_of_squares(count) {}

  /// Directions that have not started add nothing.
  void take(std::size_t stream, std::size_t observation,
            std::span<const Real> equivalent) override {
    add(stream, observation, equivalent);
  }

  bool wants_tangents(std::size_t stream) const override { return streams_[stream].fitted; }

  /// The same; returns the misfit.
  [[gnu::always_inline]] Residual<Real> add(std::size_t stream, std::size_t observation,
                                            std::span<const Real> equivalent) {
    const Residual<Real> residual(streams_[stream], observation, equivalent[0]);
    count[stream] += select(residual.missing, Real(0.0), Real(1.0));
    sum[stream] += residual.difference;
    sum_of_squares[stream] += residual.difference * residual.difference;
    if (whitening_[stream])
      add_whitened(stream, streams_[stream].time[observation], residual, equivalent.subspan(1));
    else if (streams_[stream].fitted)
      add_fitted(residual, equivalent.subspan(1));
    return residual;
  }

private:
  // Out of line: the common loop stays as short as it is without memory.
  [[gnu::noinline]] void add_whitened(std::size_t stream, double time,
                                      const Residual<Real>& residual, std::span<const Real> S) {
    const std::span<const Real> white =
        whitening_[stream]->take(time, residual.missing, residual.inverse_sigma, residual.r, S);
    const Real e = white[0];
    cost += 0.5 * e * e;
    std::size_t pair = 0;
    for (std::size_t d = 1; d < white.size(); ++d) {
      gradient[d - 1] = fma(white[d], e, gradient[d - 1]);
      for (std::size_t other = 1; other <= d; ++other, ++pair)
        gauss_newton[pair] = fma(white[d], white[other], gauss_newton[pair]);
    }
  }

  void add_fitted(const Residual<Real>& residual, std::span<const Real> S) {
    const auto& [missing, difference, inverse_sigma, r, rho, weight] = residual;
    cost += rho;
    const Real scale = weight * inverse_sigma;
    std::size_t pair = 0;
    for (std::size_t d = 0; d < S.size(); ++d) {
      const Real scaled = scale * S[d];
      gradient[d] = fma(scaled, r, gradient[d]);
      const Real weighted = scaled * inverse_sigma;
      for (std::size_t e = 0; e <= d; ++e, ++pair)
        gauss_newton[pair] = fma(weighted, S[e], gauss_newton[pair]);
    }
  }

  std::vector<StreamData> streams_;
  std::vector<std::optional<Whitening<Real>>> whitening_; ///< [stream]

public:
  Real cost = 0.0;
  std::vector<Real> gradient;
  std::vector<Real> gauss_newton; ///< lower triangle, row by row
  std::vector<Real> count, sum, sum_of_squares;
};

} // namespace glebe
