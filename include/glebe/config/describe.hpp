// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace glebe {

/// A namelist of every group and key with its default, commented with meaning, type, unit and
/// what is allowed. Keys without a default stand without a value, which is as good as absent.
std::string describe();

/// The namelist reference page in Markdown: one table for each group.
std::string reference_markdown();

} // namespace glebe
