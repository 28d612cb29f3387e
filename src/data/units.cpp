// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/units.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/text.hpp"

#include <udunits2.h>

#include <array>
#include <string>

namespace glebe {

namespace {

struct FreeUnit {
  void operator()(ut_unit* unit) const { ut_free(unit); }
};
using Unit = std::unique_ptr<ut_unit, FreeUnit>;

/// The unit system of the process. Messages of UDUNITS are switched off; Glebe writes its own.
ut_system* unit_system() {
  static ut_system* const system = [] {
    ut_set_error_message_handler(ut_ignore);
    ut_system* const read = ut_read_xml(nullptr);
    if (!read)
      throw RunError("the UDUNITS-2 unit database cannot be read; the environment variable "
                     "UDUNITS2_XML_PATH may name its place (udunits2.xml)");
    return read;
  }();
  return system;
}

/// Whether a text holds a single byte beyond ASCII, which is Latin-1 and cannot be UTF-8.
bool is_latin1(std::string_view text) {
  const auto beyond = [&](std::size_t i) {
    return i < text.size() && static_cast<unsigned char>(text[i]) >= 0x80;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!beyond(i)) continue;
    if (!beyond(i + 1)) return true;
    while (beyond(i + 1)) ++i;
  }
  return false;
}

/// Empty when UDUNITS does not understand the text.
Unit parse(std::string_view text) {
  const std::string exact(text);
  return Unit(ut_parse(unit_system(), exact.c_str(), is_latin1(text) ? UT_LATIN1 : UT_UTF8));
}

/// The unit of a text in this program. Throws RunError.
Unit known(const char* text) {
  Unit unit = parse(text);
  if (!unit) throw RunError(fmt::format("UDUNITS-2 does not know the unit '{}'", text));
  return unit;
}

/// A spelling that UDUNITS does not know or reads as another unit (C as coulomb, mb as millibarn,
/// "degrees Celsius" as radian kelvin), and its meaning if a unit convertible to `needed` is
/// expected. Spellings are in lower case without blanks, dots, underscores and degree signs.
struct Spelling {
  const char* needed;
  std::string_view spelling;
  const char* meaning;
};

constexpr std::array spellings{
    Spelling{"K", "c", "degC"},
    Spelling{"K", "degc", "degC"},
    Spelling{"K", "degsc", "degC"},
    Spelling{"K", "degreec", "degC"},
    Spelling{"K", "degreesc", "degC"},
    Spelling{"K", "degcelsius", "degC"},
    Spelling{"K", "degreecelsius", "degC"},
    Spelling{"K", "degreescelsius", "degC"},
    Spelling{"K", "f", "degF"},
    Spelling{"K", "degf", "degF"},
    Spelling{"K", "degreef", "degF"},
    Spelling{"K", "degreesf", "degF"},
    Spelling{"K", "degreefahrenheit", "degF"},
    Spelling{"K", "degreesfahrenheit", "degF"},
    Spelling{"K", "k", "K"},
    Spelling{"K", "degk", "K"},
    Spelling{"K", "degreek", "K"},
    Spelling{"K", "degreesk", "K"},
    Spelling{"K", "degreekelvin", "K"},
    Spelling{"K", "degreeskelvin", "K"},
    Spelling{"Pa", "mb", "mbar"},
    Spelling{"Pa", "hpa", "hPa"},
    Spelling{"Pa", "kpa", "kPa"},
    Spelling{"Pa", "pa", "Pa"},
    Spelling{"1", "fraction", "1"},
    Spelling{"1", "frac", "1"},
    Spelling{"1", "ratio", "1"},
    Spelling{"1", "none", "1"},
    Spelling{"1", "unitless", "1"},
    Spelling{"1", "nondim", "1"},
    Spelling{"1", "dimensionless", "1"},
    Spelling{"1", "-", "1"},
    Spelling{"W m-2", "wm-2", "W m-2"},
    Spelling{"W m-2", "wm^-2", "W m-2"},
    Spelling{"W m-2", "wm**-2", "W m-2"},
    Spelling{"W m-2", "w/m2", "W m-2"},
    Spelling{"W m-2", "w/m^2", "W m-2"},
    Spelling{"W m-2", "w/m**2", "W m-2"},
    Spelling{"J m-2", "whm-2", "W hour m-2"},
    Spelling{"J m-2", "wh/m2", "W hour m-2"},
    Spelling{"J m-2", "wh/m^2", "W hour m-2"},
    Spelling{"m s-1", "ms-1", "m s-1"},
    Spelling{"m s-1", "ms^-1", "m s-1"},
    Spelling{"m s-1", "ms**-1", "m s-1"},
    Spelling{"s", "hrs", "hour"},
    Spelling{"s", "mins", "minute"},
    Spelling{"s", "secs", "second"},
};

std::string normalised_spelling(std::string_view text) {
  std::string result;
  for (const char c : lower(text))
    if (std::string_view(" \t._").find(c) == std::string_view::npos) result += c;
  constexpr std::string_view degree_sign = "\u00b0";
  if (result.starts_with(degree_sign)) result.erase(0, degree_sign.size());
  return result;
}

/// The unit of the text `from` if one convertible to `to` is needed; empty when unknown.
Unit parse_for(std::string_view from, const ut_unit* to) {
  std::string_view text = trimmed(from);
  if (text.size() > 2 && text.front() == '[' && text.back() == ']')
    text = trimmed(text.substr(1, text.size() - 2));
  const std::string wanted = normalised_spelling(text);
  for (const Spelling& known_spelling : spellings)
    if (known_spelling.spelling == wanted &&
        ut_are_convertible(known(known_spelling.needed).get(), to))
      return known(known_spelling.meaning);
  return parse(text);
}

[[noreturn]] void refuse(std::string_view from, std::string_view to, bool understood) {
  throw InputError(
      fmt::format("the unit is '{}', {}; needed is a unit convertible to '{}'", from,
                  understood ? "which measures something else" : "which is not a known unit", to));
}

cv_converter* checked(cv_converter* converter, std::string_view from, std::string_view to) {
  if (!converter) refuse(from, to, true);
  return converter;
}

Unit parse_target(std::string_view to) {
  Unit unit = parse(trimmed(to));
  if (!unit) throw InputError(fmt::format("the needed unit '{}' is not known to UDUNITS-2", to));
  return unit;
}

cv_converter* direct_converter(std::string_view from, std::string_view to) {
  const Unit target = parse_target(to);
  const Unit source = parse_for(from, target.get());
  if (!source) refuse(from, to, false);
  return checked(ut_get_converter(source.get(), target.get()), from, to);
}

} // namespace

void UnitConverter::Free::operator()(cv_converter* converter) const { cv_free(converter); }

UnitConverter::UnitConverter(std::string_view from, std::string_view to)
    : converter_(direct_converter(from, to)) {}

double UnitConverter::operator()(double value) const {
  return factor_ * cv_convert_double(converter_.get(), value);
}

void UnitConverter::convert(std::span<double> values) const {
  cv_convert_doubles(converter_.get(), values.data(), values.size(), values.data());
  if (factor_ == 1.0) return;
  for (double& value : values) value *= factor_;
}

// Converters are linear or logarithmic: what keeps these numbers keeps all.
bool UnitConverter::changes_nothing() const {
  for (const double number : {0.0, 1.0, 2.0, 1000.0})
    if ((*this)(number) != number) return false;
  return true;
}

bool convertible(std::string_view from, std::string_view to) {
  const Unit target = parse_target(to);
  const Unit source = parse_for(from, target.get());
  return source && ut_are_convertible(source.get(), target.get());
}

void check_fraction(std::string_view from, std::string_view to) {
  const std::string small = lower(from);
  const auto has = [&](std::string_view part) { return small.find(part) != std::string::npos; };
  if (to == "kg kg-1" && (has("mol") || has("ppm") || has("ppt")))
    throw InputError(fmt::format(
        "the unit is '{}', a molar fraction; needed is a mass fraction, kg kg-1", from));
  if (to == "1" && (has("kg") || has("g/g") || has("g g-1")))
    throw InputError(fmt::format("the unit is '{}', a mass fraction; needed is '1', a fraction of "
                                 "the volume or a relative humidity",
                                 from));
}

UnitConverter make_converter(std::string_view from, std::string_view to, double interval_seconds) {
  if (convertible(from, to)) return UnitConverter(from, to);
  const Unit target = parse_target(to);
  const Unit amount(ut_multiply(target.get(), known("s").get()));
  const Unit source = parse_for(from, amount.get());
  // For a dimensionless target, the accumulated amount would be a duration, which is not meant.
  const bool accumulated = source && ut_are_convertible(source.get(), amount.get()) &&
                           !ut_is_dimensionless(target.get());
  if (!accumulated) refuse(from, to, bool(source) || bool(parse_for(from, target.get())));
  if (!(interval_seconds > 0))
    throw InputError(fmt::format("the unit is '{}', an amount accumulated over an interval, but "
                                 "the interval is not known; needed is '{}'",
                                 from, to));
  return UnitConverter(checked(ut_get_converter(source.get(), amount.get()), from, to),
                       1 / interval_seconds);
}

} // namespace glebe
