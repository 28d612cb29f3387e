// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/physics/columns/general_column_ad.hpp"
#include "glebe/physics/columns/general_column_tl.hpp"
#include "glebe/physics/laws/moist_soil.hpp"

#include "column_run.hpp"

namespace glebe::test {

template struct ColumnRun<GeneralColumn<MoistSoil<double>>>;
template struct ColumnRun<GeneralColumn<MoistSoil<Complex>>>;
template struct ColumnRun<GeneralColumn<MoistSoil<Lanes>>>;
template struct ColumnRunAd<GeneralColumn<MoistSoil<double>>>;

} // namespace glebe::test
