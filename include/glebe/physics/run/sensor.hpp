// SPDX-License-Identifier: BSD-3-Clause
// Sensors whose depth or reading is not what it is taken for. To the model equivalent of a stream,
// for a sensor at the depth z_0 of its observation operator, they add
//
//   b + S(z) - S(z_0)
//
// z being sensor_depth, b sensor_bias, and S what is observed, interpolated smoothly between nodes,
// or, of a flux, between the places where it is known. The operator's own interpolation is linear:
// its derivative by depth jumps at every node, and a search would come to rest there. At z = z_0
// the equivalent is to the last bit that of a sensor without parameters.
#pragma once

#include "glebe/physics/run/observe.hpp"
#include "glebe/physics/smooth_interpolation.hpp"

#include <algorithm>
#include <span>
#include <tuple>
#include <vector>

namespace glebe {

/// What the parameters of one stream's sensor add, with its tangent-linear and its adjoint.
template <Column C>
class Sensor {
public:
  using Real = typename C::Real;

  /// `column` outlives it.
  Sensor(const C& column, const StreamSchedule& stream)
      : column_(column), form_(stream.sensor),
        is_flux_(stream.op.kind == ObservationKind::ground_heat_flux) {
    if (form_.biased) bias_ = &column.parameter(slot(Parameter::sensor_bias));
    if (!form_.moves) return;
    depth_ = &column.parameter(slot(Parameter::sensor_depth));
    interpolation_ = SmoothInterpolation(places());
    const std::size_t n = interpolation_.size();
    weight_.resize(n);
    slope_.resize(n);
    there_.resize(n);
    std::tie(first_there_, end_there_) = interpolation_.weigh<Real>(form_.depth, there_, slope_);
  }

  bool has_parameters() const { return form_.any(); }

  /// Adds to `equivalent[0]` and, for each direction of the tangents, to what follows it, for the
  /// column's present state, parameters and inputs.
  void add(Tangents<Real> tangents, const Inputs<Real>& F, Real* equivalent) {
    update();
    if (form_.biased) *equivalent += *bias_;
    Real gradient = 0.0, moved = 0.0;
    for (std::size_t j = first_; j < end_; ++j) {
      const Real here = seen_at(j, F);
      gradient = fma(slope_[j], here, gradient);
      moved = fma(weight_[j], here, moved);
    }
    if (form_.moves) *equivalent += moved;
    ++equivalent;
    for (const Tangent<Real>* tangent : tangents) {
      add_tangents(*tangent, F, gradient, equivalent);
      equivalent += tangent->width();
    }
  }

  /// The adjoint of add() for a result that gains `ad` per unit of the equivalent, when the profile
  /// is T(i) [degC].
  template <class Adjoint, class Profile>
  void add_ad(Adjoint& column_ad, const Profile& T, const Inputs<Real>& F, const Real& ad) {
    update();
    if (form_.biased) column_ad.add_parameter(slot(Parameter::sensor_bias), ad);
    if (!form_.moves) return;
    Real gradient = 0.0;
    for (std::size_t j = first_; j < end_; ++j) {
      const std::size_t place = place_of(j);
      gradient = fma(slope_[j], seen_at(place, T, F), gradient);
      const Real place_ad = weight_[j] * ad;
      if (is_flux_)
        detail::flux_at_ad<C>(column_ad, T, F, place, place_ad);
      else
        column_ad.add_temperature(place, place_ad);
    }
    column_ad.add_parameter(slot(Parameter::sensor_depth), gradient * ad);
  }

private:
  ParameterSlot slot(Parameter parameter) const { return {parameter, form_.index}; }

  // Nodes; or, of a flux, the top, where it is known, and the middles of elements.
  std::vector<double> places() const {
    const Soil& soil = column_.soil();
    if (!is_flux_) return {soil.depth.begin(), soil.depth.end()};
    std::vector<double> places;
    if (skipped() == 0) places.push_back(soil.depth[0]);
    for (std::size_t i = 0; i < soil.thickness.size(); ++i)
      places.push_back(soil.depth[i] + 0.5 * soil.thickness[i]);
    return places;
  }
  // Where the temperature at the top is given, the flux there is not known.
  std::size_t skipped() const { return is_flux_ && column_.form().top == Top::temperature; }
  std::size_t place_of(std::size_t j) const { return j + skipped(); }

  // Takes the present depth.
  void update() {
    if (!form_.moves || (is_known_ && all(z_ == *depth_))) return;
    is_known_ = true;
    z_ = *depth_;
    const auto [first, end] = interpolation_.weigh<Real>(z_, weight_, slope_);
    first_ = std::min(first, first_there_);
    end_ = std::max(end, end_there_);
    for (std::size_t j = first_; j < end_; ++j) weight_[j] -= there_[j];
  }

  Real seen_at(std::size_t j, const Inputs<Real>& F) const {
    const std::size_t place = place_of(j);
    return is_flux_ ? detail::flux_at(column_, F, place) : column_.temperature_at({place, 0.0});
  }
  template <class Profile>
  Real seen_at(std::size_t place, const Profile& T, const Inputs<Real>& F) const {
    if (!is_flux_) return T(place);
    return place == 0 ? column_.top_flux(T(0), F)
                      : column_.element_flux(place - 1, T(place - 1), T(place));
  }

  void add_tangents(const Tangent<Real>& tangent, const Inputs<Real>& F, const Real& gradient,
                    Real* derivative) {
    const std::size_t width = tangent.width();
    there_tl_.resize(width);
    sum_.assign(width, Real(0.0));
    for (std::size_t j = first_; j < end_; ++j) {
      if (is_flux_)
        detail::flux_at_tl(tangent, F, place_of(j), there_tl_.data());
      else
        tangent.temperature_at({place_of(j), 0.0}, there_tl_.data());
      for (std::size_t d = 0; d < width; ++d) sum_[d] = fma(weight_[j], there_tl_[d], sum_[d]);
    }
    for (std::size_t d = 0; d < width; ++d) {
      for (const Term<Real>& term : tangent.terms(d)) {
        if (form_.biased && term.direction.slot == slot(Parameter::sensor_bias))
          sum_[d] += term.weight;
        if (form_.moves && term.direction.slot == slot(Parameter::sensor_depth))
          sum_[d] += term.weight * gradient;
      }
      derivative[d] += sum_[d];
    }
  }

  const C& column_;
  SensorForm form_;
  bool is_flux_;
  const Real* bias_ = nullptr;  ///< that of the present step
  const Real* depth_ = nullptr; ///< likewise
  SmoothInterpolation interpolation_;
  std::vector<Real> weight_;                    ///< of the places, in S(z) - S(z_0)
  std::vector<Real> slope_;                     ///< in dS/dz at z
  std::vector<Real> there_;                     ///< in S(z_0)
  std::size_t first_there_ = 0, end_there_ = 0; ///< of the places in S(z_0)
  std::size_t first_ = 0, end_ = 0;             ///< of those in any
  Real z_{};                                    ///< whose weights these are
  bool is_known_ = false;
  std::vector<Real> there_tl_, sum_; ///< of the directions of a group: at one place, and added up
};

/// The sensors of all streams; none where no stream has parameters of a sensor, so that these cost
/// nothing then.
template <Column C>
std::vector<Sensor<C>> make_sensors(const C& column, std::span<const StreamSchedule> streams) {
  std::vector<Sensor<C>> sensors;
  if (std::ranges::none_of(streams, [](const StreamSchedule& one) { return one.sensor.any(); }))
    return sensors;
  for (const StreamSchedule& stream : streams) sensors.emplace_back(column, stream);
  return sensors;
}

} // namespace glebe
