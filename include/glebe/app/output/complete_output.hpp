// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"

#include <filesystem>
#include <functional>

namespace glebe {

/// Makes an output of the run at `path` by `define`, which defines all that is in it, and `write`,
/// which writes the values; gives it its name and logs it. The root writes it for all ranks, or all
/// together if it is large. What was computed is not lost if that fails: the root makes the output
/// once more, there or in the temporary folder or in the present one, under a name that no other
/// file has. Both must do the same each time. Collective. Throws RunError if the output is not at
/// `path`, with the reason, and with the path where it is.
void complete_output(const Case& inputs, const std::filesystem::path& path,
                     const std::function<void(OutputFile&)>& define,
                     const std::function<void(OutputFile&)>& write);

} // namespace glebe
