// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

union cv_converter;

namespace glebe {

/// Converts numbers from one unit to another with UDUNITS-2. Temperatures are absolute: degC to K
/// adds 273.15. Spellings that are common in forcing files but unknown to UDUNITS are accepted
/// where the unit needed makes them unambiguous: "C" and "deg C" for a temperature, "mb" for a
/// pressure, "fraction" for a plain number. Move-only.
class UnitConverter {
public:
  /// Throws InputError, with the unit found and the unit needed, when `from` is unknown or cannot
  /// be converted to `to`.
  UnitConverter(std::string_view from, std::string_view to);

  /// The converted number; NaN stays NaN.
  double operator()(double value) const;
  /// Converts in place, each to the number that operator() returns.
  void convert(std::span<double> values) const;
  /// Whether every number stays what it is.
  bool changes_nothing() const;

private:
  friend UnitConverter make_converter(std::string_view, std::string_view, double);
  struct Free {
    void operator()(cv_converter* converter) const;
  };
  UnitConverter(cv_converter* converter, double factor) : converter_(converter), factor_(factor) {}

  std::unique_ptr<cv_converter, Free> converter_;
  double factor_ = 1;
};

/// The converter of the unit that was asked for last: files of a series mostly have the same one.
class LastConverter {
public:
  /// That of `unit`, by `make()` if another was asked for before.
  template <class Make>
  const UnitConverter& of(const std::string& unit, Make make) {
    if (!converter_ || unit != unit_) converter_.emplace(make());
    unit_ = unit;
    return *converter_;
  }

private:
  std::string unit_;
  std::optional<UnitConverter> converter_;
};

/// Whether a UnitConverter from `from` to `to` exists.
bool convertible(std::string_view from, std::string_view to);

/// Throws InputError when `from` is a fraction of something else than `to`: by amount of substance
/// for "kg kg-1", or by mass for "1". Units alone do not tell them apart.
void check_fraction(std::string_view from, std::string_view to);

/// UnitConverter(from, to) if it exists. Otherwise `from` may be the unit of an amount accumulated
/// over each interval (J m-2 for W m-2), which is divided by `interval_seconds` [s]. Throws
/// InputError as UnitConverter does, and for an accumulated amount without a positive interval.
UnitConverter make_converter(std::string_view from, std::string_view to, double interval_seconds);

} // namespace glebe
