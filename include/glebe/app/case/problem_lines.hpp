// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"
#include "glebe/estimation/search/checkpoint.hpp"

namespace glebe {

/// What identifies the problem of an estimate: the program, all settings that its answer depends
/// on, hashes of all data, and the options of PETSc. Not part of it: names of files, the largest
/// number of iterations, what only the run or other modes have. Collective. Throws InputError or
/// RunError.
ProblemLines problem_lines(const Case& inputs);

/// The columns of this rank among all.
ColumnShare share_of(const Columns& columns);

} // namespace glebe
