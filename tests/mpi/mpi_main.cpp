// SPDX-License-Identifier: BSD-3-Clause
// The main function of tests that need MPI alone: all ranks run all tests, and one failure anywhere
// fails the run.
#include "glebe/base/ranks.hpp"

#include <gtest/gtest.h>
#include <mpi.h>

#include <cstdio>

namespace {

/// What the ranks other than the root print: their failures.
class FailurePrinter : public testing::EmptyTestEventListener {
  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (!result.failed()) return;
    std::fprintf(stderr, "rank %d, %s:%d: %s\n", glebe::Ranks().rank(), result.file_name(),
                 result.line_number(), result.summary());
  }
};

} // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  testing::InitGoogleTest(&argc, argv);
  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  if (!glebe::Ranks().is_root()) {
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new FailurePrinter);
  }
  int failed = RUN_ALL_TESTS();
  MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  MPI_Finalize();
  return failed;
}
