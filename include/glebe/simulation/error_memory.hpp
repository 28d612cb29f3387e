// SPDX-License-Identifier: BSD-3-Clause
// Errors that last: those of one stream at times t and t' have the covariance
// sigma sigma' exp(-|t - t'| / tau), that of an Ornstein-Uhlenbeck process (AR(1) in continuous
// time). Such a process forgets everything before the last value that was observed, so that its
// covariance is whitened exactly by that one value, whatever the gap between (Rybicki and Press
// 1995, doi:10.1103/PhysRevLett.74.1060).
#pragma once

#include "glebe/physics/real.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace glebe {

/// What is left of an error of unit standard deviation after a time, and what is new in it:
/// r = correlation r' + innovation z, with r' and z independent of each other.
struct MemoryStep {
  double correlation;
  double innovation;

  /// After `gap` of errors with the time scale `memory`, both in the same unit.
  MemoryStep(double gap, double memory)
      : correlation(std::exp(-gap / memory)),
        innovation(std::sqrt(-std::expm1(-2.0 * gap / memory))) {}
};

/// Draws errors of unit standard deviation with a memory, in order of time.
class LastingNoise {
public:
  explicit LastingNoise(double memory) : memory_(memory) {}

  /// The error at `time`, later than the one before, from a standard normal number. A memory of
  /// zero gives that number.
  double next(double time, double normal) {
    if (memory_ == 0.0) return normal;
    const MemoryStep step(time - time_, memory_);
    time_ = time;
    return error_ = step.correlation * error_ + step.innovation * normal;
  }

private:
  double memory_;
  double time_ = -std::numeric_limits<double>::infinity();
  double error_ = 0.0;
};

/// Makes the normalised values of a stream independent, with their tangents: of the values that are
/// there in a lane, in order of time, e = (r - correlation r') / innovation, where r' is the one
/// before; the first is left as it is. The squares of e sum up to r^T R^-1 r with R the correlation
/// of the errors.
template <class Real>
class Whitening {
public:
  /// `memory` and times have the same unit; `n_direction` tangents come with every value, or fewer.
  Whitening(double memory, std::size_t n_direction)
      : memory_(memory), last_(1 + n_direction, Real(0.0)), white_(last_) {
    time_.fill(-std::numeric_limits<double>::infinity());
    gap_.fill(-1.0);
    own_.fill(0.0);
    before_.fill(0.0);
  }

  /// e and its tangents at `time`, from r = (H - y) / sigma, zero where missing, and the tangents
  /// of H; zero where missing. Directions without a tangent here have had none so far. The result
  /// is overwritten by the next call.
  std::span<const Real> take(double time, const Mask<Real>& missing, const Real& inverse_sigma,
                             const Real& r, std::span<const Real> tangents) {
    set_weights(time, missing);
    const Real own = load<Real>(own_.data()), before = load<Real>(before_.data());
    whiten(0, r, own, before, missing);
    for (std::size_t d = 0; d < tangents.size(); ++d)
      whiten(1 + d, select(missing, Real(0.0), Real(inverse_sigma * tangents[d])), own, before,
             missing);
    return {white_.data(), 1 + tangents.size()};
  }

  /// The weights of the last call, e = own r + before r'; zero where missing.
  Real own() const { return load<Real>(own_.data()); }
  Real before() const { return load<Real>(before_.data()); }

private:
  static constexpr std::size_t lanes = lane_count<Real>;

  void set_weights(double time, const Mask<Real>& missing) {
    for (std::size_t i = 0; i < lanes; ++i) {
      // Most gaps are as long as the one before.
      const bool absent = lane(missing, i);
      const double gap = absent ? -1.0 : time - time_[i];
      if (!absent) time_[i] = time;
      if (gap == gap_[i]) continue;
      gap_[i] = gap;
      own_[i] = before_[i] = 0.0;
      if (absent) continue;
      const MemoryStep step(gap, memory_);
      own_[i] = 1.0 / step.innovation;
      before_[i] = -step.correlation / step.innovation;
    }
  }

  void whiten(std::size_t i, const Real& value, const Real& own, const Real& before,
              const Mask<Real>& missing) {
    white_[i] = fma(own, value, Real(before * last_[i]));
    last_[i] = select(missing, last_[i], value);
  }

  double memory_;
  std::array<double, lanes> time_; ///< of the last value
  std::array<double, lanes> gap_;  ///< for which the weights are; negative: none
  std::array<double, lanes> own_, before_;
  std::vector<Real> last_, white_; ///< [1 + direction]
};

} // namespace glebe
