// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"

namespace glebe {

/// The Gaussian posterior of one column in the scaled controls: matrices [m][m], NaN in rows and
/// columns of controls that are not free. Formulae: Rodgers (2000), chapter 2.
struct GaussianPosterior {
  DenseMatrix covariance;          ///< (G + B^-1)^-1
  DenseMatrix averaging_kernel;    ///< (G + B^-1)^-1 G
  double degrees_of_freedom = 0.0; ///< trace of the averaging kernel
  double condition_number = 1.0;   ///< of G + B^-1
};

/// The inverse of a Hessian H = G + B^-1 [m][m] on the controls `free`, the others being held, and
/// the condition number. A direction that neither data nor prior determine gets a very large but
/// finite variance. All elements are NaN when H is zero on the free controls.
struct Covariance {
  DenseMatrix matrix;
  double condition_number;
};
Covariance covariance_of(const DenseMatrix& H, const std::vector<std::size_t>& free);

/// The posterior with a covariance [m][m], NaN where a control is not free, for data with the
/// Gauss-Newton block G [m][m].
GaussianPosterior posterior_of(Covariance covariance, const DenseMatrix& G);

/// The posterior of the controls `free` from data G and a prior with the precision B^-1 [m][m].
GaussianPosterior posterior_of(const DenseMatrix& G, const DenseMatrix& precision,
                               const std::vector<std::size_t>& free);

/// The precision without the data, covariance^-1 - G; zero in rows and columns that are not free.
DenseMatrix precision_without_data(const DenseMatrix& covariance, const DenseMatrix& G);

/// The correlation matrix [m][m] of a covariance.
DenseMatrix correlation_of(const DenseMatrix& covariance);

} // namespace glebe
