// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace glebe {

/// The result reference page in Markdown: every variable, dimension and attribute that an output
/// may have, from the tables of result_names.hpp.
std::string result_reference_markdown();

} // namespace glebe
