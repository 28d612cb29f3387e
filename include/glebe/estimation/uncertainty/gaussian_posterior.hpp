// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace glebe {

/// What is known of the controls of one column, Gaussian, in the scaled controls: matrices [m][m],
/// NaN in rows and columns of controls that are not free.
struct Knowledge {
  std::vector<double> covariance;       ///< (G + B^-1)^-1
  std::vector<double> averaging_kernel; ///< (G + B^-1)^-1 G
  double degrees_of_freedom = 0.0;      ///< its trace
  double condition_number = 1.0;        ///< of G + B^-1
};

/// The knowledge that data with the Gauss-Newton block G [m][m] and a prior with the precision
/// B^-1 [m][m] give of the controls `free`, the others being held. A direction that both leave
/// undetermined gets the variance that rounding leaves it: very large, and finite. All is NaN when
/// there is neither data nor prior. Formulae: Rodgers (2000), chapter 2.
Knowledge knowledge(std::span<const double> G, std::span<const double> precision,
                    std::span<const std::size_t> free);

/// The same from a covariance [m][m] that is known already, NaN where a control is not free.
Knowledge knowledge_of(std::span<const double> covariance, std::span<const double> G);

/// What is known beside the data: covariance^-1 - G, zero in rows and columns that are not free.
std::vector<double> precision_beside(std::span<const double> covariance, std::span<const double> G);

} // namespace glebe
