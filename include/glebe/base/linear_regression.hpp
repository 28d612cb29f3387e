// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"

namespace glebe {

/// The root mean square of what is left of y [n] after the least-squares fit of a constant and a
/// linear function of the regressors x [n][k], by the normal equations of centred values; in the
/// unit of y. NaN where the fit is not defined: fewer than k + 2 values, a value that is not
/// finite, a regressor that is constant or a linear function of the others. Not collective.
double regression_rmse(const DenseMatrix& x, const DenseVector& y);

} // namespace glebe
