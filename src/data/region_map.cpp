// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/region_map.hpp"

#include "glebe/base/error.hpp"
#include "glebe/data/file_series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <sstream>

namespace glebe {

namespace {

// The class in a column. Throws InputError if it has none.
std::int32_t class_of(const std::string& where, const Columns& columns, std::size_t column,
                      double value) {
  const auto refuse = [&](const std::string& found, const char* needed) {
    throw InputError(fmt::format("{}: {} at {}: {}", where, found, columns.label(column), needed));
  };
  if (std::isnan(value)) refuse("missing", "every active column needs a class");
  using Limits = std::numeric_limits<std::int32_t>;
  if (value != std::round(value) || value < Limits::min() || value > Limits::max())
    refuse(fmt::format("{:g}", value), "classes are whole numbers");
  return static_cast<std::int32_t>(value);
}

// The meanings of flag_values.
std::map<double, std::string> flag_names(const NetcdfFile& file, const std::string& variable) {
  const std::vector<double> values = file.number_attributes(variable, "flag_values");
  std::istringstream words(file.text_attribute(variable, "flag_meanings").value_or(""));
  std::map<double, std::string> names;
  std::set<std::string> taken;
  std::size_t count = 0;
  for (std::string word; words >> word; ++count) {
    if (count < values.size()) names.emplace(values[count], word);
    if (!taken.insert(word).second)
      throw InputError(fmt::format("{}: flag_meanings has '{}' twice", file.where(variable), word));
  }
  if (count > 0 && count != values.size())
    throw InputError(fmt::format("{}: {} flag_meanings for {} flag_values: must be one for each",
                                 file.where(variable), count, values.size()));
  return names;
}

// The classes of all ranks, ascending.
std::vector<std::int32_t> all_classes(const Ranks& ranks, const std::vector<std::int32_t>& local) {
  const std::set<std::int32_t> here(local.begin(), local.end());
  const std::vector<double> gathered = ranks.all_gather({here.begin(), here.end()});
  std::set<std::int32_t> classes;
  for (const double value : gathered) classes.insert(static_cast<std::int32_t>(value));
  return {classes.begin(), classes.end()};
}

} // namespace

RegionMap read_regions(const Ranks& ranks, const ParameterSettings& parameter,
                       const Columns& columns, const Log& log) {
  RegionMap map{parameter.region_file, parameter.region_variable, {}, {}, {}};
  const NetcdfFile file = NetcdfFile::open(ranks, map.file);
  const std::vector<double> field = read_field(file, map.variable, columns, log);
  const std::map<double, std::string> names = flag_names(file, map.variable);
  agree_on_failure(ranks, [&] {
    for (std::size_t c = 0; c < columns.n_local(); ++c)
      map.of_column.push_back(class_of(file.where(map.variable), columns, c, field[c]));
  });
  map.value = all_classes(ranks, map.of_column);
  for (std::int32_t& entry : map.of_column)
    entry = static_cast<std::int32_t>(std::lower_bound(map.value.begin(), map.value.end(), entry) -
                                      map.value.begin());
  for (const std::int32_t value : map.value) {
    const auto known = names.find(value);
    map.name.push_back(known == names.end() ? fmt::format("class {}", value) : known->second);
  }
  return map;
}

} // namespace glebe
