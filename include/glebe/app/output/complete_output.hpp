// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"

#include <filesystem>
#include <functional>
#include <span>

namespace glebe {

/// What makes an output. `define` defines all that is in its file and `write` writes the values;
/// both do the same each time. All are collective.
struct OutputSteps {
  std::function<void(OutputFile&)> define, write;
  /// Makes a file from which another run can make the output: its path, or an empty one if it
  /// cannot be made or none is needed. It may be missing.
  std::function<std::filesystem::path()> keep = {};
};

/// Makes an output of the run at `path`, gives it its name and logs it. The root writes it for all
/// ranks, or all together if it is large. What was computed is not lost if that fails: the root
/// makes the output once more, there or in the temporary folder or in the present one, under a name
/// that no other file has. As the failure of one rank can end all when they write together, what
/// `keep` makes is there until the output is. Collective. Throws RunError if the output is not at
/// `path`, with the reason, and with the path where it, or what was kept, is.
void complete_output(const Case& inputs, const std::filesystem::path& path,
                     const OutputSteps& steps);

/// Makes a file by `make` in the first of the folders where it can, under a name that no other file
/// has and that ends in `name`. `make` returns whether it could. The path, or an empty one.
/// Collective.
std::filesystem::path make_elsewhere(const Ranks& ranks,
                                     std::span<const std::filesystem::path> folders,
                                     const std::filesystem::path& name,
                                     const std::function<bool(const std::filesystem::path&)>& make);

/// The temporary folder and the present one, as far as there are such.
std::vector<std::filesystem::path> other_folders();

} // namespace glebe
