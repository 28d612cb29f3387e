// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/result_names.hpp"

#include "glebe/physics/vocabulary.hpp"

#include <algorithm>

namespace glebe {

namespace {

bool belongs_to_parameter(std::string_view name) {
  return std::any_of(
      parameter_table.begin(), parameter_table.end(), [&](const ParameterInfo& parameter) {
        if (!name.starts_with(parameter.name)) return false;
        std::string_view rest = name.substr(std::string_view(parameter.name).size());
        if (parameter.place == Place::stream && rest.starts_with('_')) return true;
        if (rest.starts_with(ratio_suffix)) rest.remove_prefix(ratio_suffix.size());
        return rest.empty() || rest == knot_time_suffix ||
               std::any_of(parameter_result_table.begin(), parameter_result_table.end(),
                           [&](const ParameterResultInfo& row) { return rest == row.suffix; });
      });
}

bool belongs_to_stream(std::string_view name) {
  return std::any_of(stream_result_table.begin(), stream_result_table.end(),
                     [&](const StreamResultInfo& row) {
                       return name.starts_with(row.prefix) && name.ends_with(row.suffix);
                     });
}

} // namespace

bool is_result_name(std::string_view name) {
  const bool fixed = std::any_of(result_table.begin(), result_table.end(),
                                 [&](const ResultInfo& row) { return name == row.name; });
  const std::string further_depths = name_of(Result::design_depth) + "_";
  return fixed || name.starts_with(further_depths) || name.ends_with(bounds_suffix) ||
         belongs_to_parameter(name) || belongs_to_stream(name);
}

} // namespace glebe
