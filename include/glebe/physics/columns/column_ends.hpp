// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/constants.hpp"
#include "glebe/physics/inputs.hpp"
#include "glebe/physics/model_form.hpp"
#include "glebe/physics/parameter_layout.hpp"

namespace glebe {

/// What a column is given at its ends beside the energy balance of the surface: measured
/// temperatures or fluxes with their constant errors, or a condition at the bottom.
template <class Real>
class ColumnEnds {
public:
  /// `values` stand in the order of `layout` and outlive it.
  ColumnEnds(const ModelForm& form, const ParameterLayout& layout, const Real* values)
      : top_(form.top), bottom_(form.bottom), measured_bottom_(form.measured_bottom),
        first_(values + layout.position(first_end_parameter)) {}

  /// Whether the temperature of the first or the last node is given.
  bool fixed_top() const { return top_ == Top::temperature; }
  bool fixed_bottom() const { return bottom_ == Bottom::temperature; }
  /// Whether the flux into the first node is measured.
  bool has_top_flux() const { return top_ == Top::flux; }
  /// Whether what is given at the bottom is measured.
  bool has_measured_bottom() const { return measured_bottom_; }

  Real top_temperature(const Inputs<Real>& F) const { ///< [degC]
    return celsius(F[Input::top_temperature]) + value(Parameter::top_offset);
  }
  Real bottom_temperature(const Inputs<Real>& F) const { ///< [degC]
    if (!measured_bottom_) return deep_temperature();
    return celsius(F[Input::bottom_temperature]) + value(Parameter::bottom_offset);
  }
  Real deep_temperature() const { return celsius(value(Parameter::deep_temperature)); } ///< [degC]
  Real top_flux(const Inputs<Real>& F) const { ///< downward [W m-2]
    return F[Input::top_heat_flux] + value(Parameter::top_flux_offset);
  }
  Real bottom_flux(const Inputs<Real>& F) const { ///< downward [W m-2]
    if (!measured_bottom_) return -value(Parameter::geothermal_flux);
    return F[Input::bottom_heat_flux] + value(Parameter::bottom_flux_offset);
  }

  /// The parameters that are added to the temperature given at the bottom, and to the flux given
  /// there, which geothermal_flux reduces.
  Parameter bottom_temperature_parameter() const {
    return measured_bottom_ ? Parameter::bottom_offset : Parameter::deep_temperature;
  }
  Parameter bottom_flux_parameter() const {
    return measured_bottom_ ? Parameter::bottom_flux_offset : Parameter::geothermal_flux;
  }
  double bottom_flux_sign() const { return measured_bottom_ ? 1.0 : -1.0; }

private:
  static Real celsius(const Real& kelvin) { return kelvin - freezing_temperature; }
  const Real& value(Parameter parameter) const {
    return first_[static_cast<std::size_t>(parameter) -
                  static_cast<std::size_t>(first_end_parameter)];
  }

  Top top_;
  Bottom bottom_;
  bool measured_bottom_;
  const Real* first_;
};

} // namespace glebe
