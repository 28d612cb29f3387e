// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/base/ranks.hpp"
#include "glebe/config/settings.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace glebe {

/// Reads the namelist and runs its mode. `overrides`, here and below, are `group.key=value`, as
/// parse_settings() takes them. Collective. Throws InputError or RunError.
void run(const Ranks& ranks, const Log& log, const std::filesystem::path& namelist,
         const std::vector<std::string>& overrides);

/// Reads the namelist and every input it names, tries the outputs, and computes nothing.
/// Collective. Throws InputError.
void check(const Ranks& ranks, const Log& log, const std::filesystem::path& namelist,
           const std::vector<std::string>& overrides);

/// The modes. Collective. The output is written only if the run succeeds.
void run_forward(const Ranks& ranks, const Log& log, Settings settings);
void run_twin(const Ranks& ranks, const Log& log, Settings settings);
void run_estimate(const Ranks& ranks, const Log& log, Settings settings);
void run_design(const Ranks& ranks, const Log& log, Settings settings);
void run_gradient_test(const Ranks& ranks, const Log& log, Settings settings);

} // namespace glebe
