// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/physics/columns/linear_column_ad.hpp"
#include "glebe/physics/columns/linear_column_tl.hpp"

#include "column_run.hpp"

namespace glebe::test {

template struct ColumnRun<LinearColumn<double>>;
template struct ColumnRun<LinearColumn<Complex>>;
template struct ColumnRun<LinearColumn<Lanes>>;
template struct ColumnRunAd<LinearColumn<double>>;
template struct ColumnRunAd<LinearColumn<Lanes>>;

} // namespace glebe::test
