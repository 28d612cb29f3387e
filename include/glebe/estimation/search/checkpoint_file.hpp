// SPDX-License-Identifier: BSD-3-Clause
// The file of a checkpoint: HDF5 behind a block of 512 bytes that holds a checksum of the rest.
// Only the root rank opens it, so that a failure cannot leave other ranks waiting.
#pragma once

#include "glebe/base/dense.hpp"
#include "glebe/base/ranks.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace glebe {

/// What is kept of one part of an analysis: a search, a profile, the bootstrap.
struct KeptPart {
  std::string name;
  std::string words;           ///< what it was made with, in its own form
  std::vector<double> numbers; ///< the same on every rank
  DenseMatrix of_columns;      ///< [column of this rank][.]
};

/// All that is kept, in the order in which it was made. The two texts are lines that identify the
/// problem of the search, and what the analysis after it is made with.
struct KeptAnalysis {
  std::string problem;
  std::string analysis;
  std::vector<KeptPart> parts;
};

/// The columns of all ranks, in the order of ranks, of which this rank has some.
struct ColumnShare {
  std::size_t n_here = 0;
  std::size_t n_all = 0;
};

/// Writes a file whose name is `path` once it is complete and on the disk; an older one is kept
/// until then. Returns why this failed, in words, the same on all ranks; empty if it did not.
/// Collective.
std::string write_checkpoint_file(const Ranks& ranks, const std::filesystem::path& path,
                                  const KeptAnalysis& kept, const ColumnShare& columns);

/// Reads the file, on any number of ranks. `accept` sees what there is before the numbers of the
/// columns are read: both texts, and the parts without these; it may throw InputError, and take
/// parts away from the end. Collective. Throws InputError if it is no checkpoint, or damaged.
KeptAnalysis read_checkpoint_file(const Ranks& ranks, const std::filesystem::path& path,
                                  const ColumnShare& columns,
                                  const std::function<void(KeptAnalysis&)>& accept);

} // namespace glebe
