// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"

namespace glebe {

/// What is known of the controls of one column, Gaussian, in the scaled controls: matrices [m][m],
/// NaN in rows and columns of controls that are not free. Formulae: Rodgers (2000), chapter 2.
struct GaussianPosterior {
  DenseMatrix covariance;          ///< (G + B^-1)^-1
  DenseMatrix averaging_kernel;    ///< (G + B^-1)^-1 G
  double degrees_of_freedom = 0.0; ///< its trace
  double condition_number = 1.0;   ///< of G + B^-1
};

/// (G + B^-1)^-1 of the controls `free`, the others being held, for a Hessian H = G + B^-1 [m][m],
/// and its condition number. A direction that data and prior leave undetermined gets the variance
/// that rounding leaves it: very large, and finite. All is NaN when there is neither.
struct Covariance {
  DenseMatrix matrix;
  double condition_number;
};
Covariance covariance_of(const DenseMatrix& H, const std::vector<std::size_t>& free);

/// What a covariance [m][m], NaN where a control is not free, says beside data with the
/// Gauss-Newton block G [m][m].
GaussianPosterior posterior_of(Covariance covariance, const DenseMatrix& G);

/// The same of data G and a prior with the precision B^-1 [m][m] for the controls `free`.
GaussianPosterior posterior_of(const DenseMatrix& G, const DenseMatrix& precision,
                               const std::vector<std::size_t>& free);

/// What is known without the data: covariance^-1 - G, zero in rows and columns that are not free.
DenseMatrix precision_without_data(const DenseMatrix& covariance, const DenseMatrix& G);

/// Correlations [m][m] of a covariance.
DenseMatrix correlation_of(const DenseMatrix& covariance);

} // namespace glebe
