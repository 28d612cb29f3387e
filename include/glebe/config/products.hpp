// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"

#include <vector>

namespace glebe {

/// Sets what a product of `&forcing product` says about its files, where the namelist does not say
/// it: variables, stamps, accumulations, the kind of humidity and the heights of wind and air.
void complete_product(ForcingSettings& forcing, std::vector<InputSettings>& inputs,
                      SurfaceSettings& surface);

} // namespace glebe
