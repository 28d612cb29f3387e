// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/physics/columns/general_column_ad.hpp"
#include "glebe/physics/columns/general_column_tl.hpp"
#include "glebe/physics/laws/freezing_soil.hpp"

#include "column_run.hpp"

namespace glebe::test {

template struct ColumnRun<GeneralColumn<FreezingSoil<double>>>;
template struct ColumnRun<GeneralColumn<FreezingSoil<Complex>>>;
template struct ColumnRun<GeneralColumn<FreezingSoil<Lanes>>>;
template struct ColumnRunAd<GeneralColumn<FreezingSoil<double>>>;

} // namespace glebe::test
