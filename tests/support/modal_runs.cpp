// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/physics/columns/modal_column_tl.hpp"
#include "glebe/physics/laws/constant_soil.hpp"
#include "glebe/physics/laws/moist_soil.hpp"

#include "column_run.hpp"

namespace glebe::test {

template struct ColumnRun<ModalColumn<ConstantSoil<double>>>;
template struct ColumnRun<ModalColumn<ConstantSoil<Complex>>>;
template struct ColumnRun<ModalColumn<ConstantSoil<Lanes>>>;
template struct ColumnRun<ModalColumn<MoistSoil<double>>>;
template struct ColumnRun<ModalColumn<MoistSoil<Complex>>>;

} // namespace glebe::test
