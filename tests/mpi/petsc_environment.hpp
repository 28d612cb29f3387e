// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/petsc.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace glebe {

/// PETSc for the tests of a binary whose main function starts MPI alone. Its options come from the
/// environment variable PETSC_OPTIONS.
class PetscEnvironment : public testing::Environment {
  void SetUp() override { session_.emplace(&argc_, &argv_); }
  void TearDown() override { session_.reset(); }

  char name_[6] = "tests";
  char* arguments_[2] = {name_, nullptr};
  int argc_ = 1;
  char** argv_ = arguments_;
  std::optional<PetscSession> session_;
};

[[maybe_unused]] inline testing::Environment* const petsc_environment =
    testing::AddGlobalTestEnvironment(new PetscEnvironment);

} // namespace glebe
