// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace glebe {

/// One of the levels, members or times along a dimension of a variable: by its number along the
/// dimension, or by the value of its coordinate.
struct LevelChoice {
  std::string dimension;
  std::size_t number = 0; ///< along the dimension, from 0
  std::optional<double> value = {};
};

/// Reads "height(1)", the first along the dimension `height`, or "height = 2", that whose
/// coordinate is 2 in the unit of the file. Nothing for other texts.
std::optional<LevelChoice> parse_level(std::string_view text);

/// The same for several dimensions. Throws InputError for a text that is no level.
std::vector<LevelChoice> parse_levels(const std::vector<std::string>& texts);

} // namespace glebe
