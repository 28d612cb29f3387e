// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/netcdf_file.hpp"

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace glebe {

/// The conversion of a variable's stored numbers to values (CF conventions, sections 2.5 and 8.1).
class Packing {
public:
  /// By the attributes of the variable. Throws InputError when they are wrong.
  Packing(const NetcdfFile& file, const NetcdfFile::VariableInfo& variable);

  /// The bytes of one stored number.
  std::size_t bytes_of_number() const;
  /// Unpacks `count` numbers [count] of the variable's type, from number `first` of `stored` on;
  /// NaN where missing. Not collective.
  void unpack(const std::byte* stored, std::size_t first, std::size_t count, double* values) const;

  /// Whether stored numbers are values in single precision, as they are but for missing ones.
  bool stores_floats() const;
  /// Makes the missing ones of such numbers NaN.
  void mark_missing(std::span<float> values) const;

private:
  template <class Stored>
  void unpack_numbers(const Stored* stored, std::size_t count, double* values) const;
  void set_signedness(const std::string& unsigned_text);
  void set_limits(const NetcdfFile& file, const std::string& variable, bool packed);
  std::vector<double> numbers(const NetcdfFile& file, const std::string& variable,
                              const char* attribute) const;
  double with_signedness(double number) const;
  double as_stored(double number) const;
  std::optional<double> default_fill() const;

  static constexpr double infinity = std::numeric_limits<double>::infinity();

  NetcdfFile::Type type_;
  double scale_;
  double offset_;
  bool limits_unpacked_ = false;
  double wrap_below_ = -infinity;
  double wrap_above_ = infinity;
  double span_ = 0;
  double least_ = -infinity;
  double greatest_ = infinity;
  std::vector<double> missing_;
};

} // namespace glebe
