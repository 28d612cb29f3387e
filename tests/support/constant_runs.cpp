// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/physics/columns/general_column_ad.hpp"
#include "glebe/physics/columns/general_column_tl.hpp"
#include "glebe/physics/laws/constant_soil.hpp"

#include "column_run.hpp"

namespace glebe::test {

template struct ColumnRun<GeneralColumn<ConstantSoil<double>>>;
template struct ColumnRun<GeneralColumn<ConstantSoil<Complex>>>;
template struct ColumnRun<GeneralColumn<ConstantSoil<Lanes>>>;
template struct ColumnRunAd<GeneralColumn<ConstantSoil<double>>>;

} // namespace glebe::test
