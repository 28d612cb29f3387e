// SPDX-License-Identifier: BSD-3-Clause
// What is kept of a search, besides the state of its columns.
#pragma once

#include "glebe/estimation/problem/objective.hpp"
#include "glebe/estimation/search/checkpoint.hpp"

#include <optional>
#include <string>
#include <vector>

namespace glebe {

/// How far a search has come, the same on every rank.
struct SearchRecord {
  std::string method;
  std::string reason; ///< why it ended; empty before
  bool converged = false;
  int iteration = 0;
  int inner_iterations = 0; ///< of the linear solver
  double seconds = 0.0;
  double gradient_norm = 0.0;
  double first_gradient_norm = 0.0; ///< to which tolerances are relative
  double trust = 0.0;               ///< radius of the trust region; zero: the method has none
  double n_forward = 0.0;           ///< runs of columns so far, over all ranks
  double n_tangent = 0.0;
  std::vector<double> costs; ///< after each iteration

  bool ended() const { return !reason.empty(); }
};

KeptPart part_of(const std::string& name, const SearchRecord& record, DenseMatrix of_columns);

/// The record of a part. Throws InputError unless it is one, of this method.
SearchRecord record_of(const KeptPart& part, const std::string& method);

/// The state of a search for all columns together, where x holds the values of columns: for each
/// these, its cost at the start, and whether it was left out there.
DenseMatrix columns_of(const Objective& objective, Vec x);

/// The x of such a state; `objective` learns how the search has started. Collective. Throws
/// InputError for values that are not within their bounds.
Vector restored_x(const DenseMatrix& of_columns, Objective& objective);

} // namespace glebe
