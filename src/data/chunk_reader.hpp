// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/data/netcdf_file.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>

namespace glebe {

/// Reads compressed variables chunk by chunk, as they lie in the file: libdeflate inflates them
/// twice as fast as zlib does, by which the library of the file would. Not collective.
class ChunkReader {
public:
  /// Of a file that netCDF has open.
  explicit ChunkReader(const std::filesystem::path& path);
  ChunkReader(const ChunkReader&) = delete;
  ChunkReader& operator=(const ChunkReader&) = delete;
  ~ChunkReader();

  /// Reads a part of a variable as it is stored [product of count]. Returns false when this is for
  /// the library to do, or to say what is wrong: the variable is stored in another way than in
  /// chunks that are deflated and maybe shuffled, a chunk is not there, or cannot be inflated.
  bool read(const NetcdfFile::VariableInfo& variable, const NetcdfFile::Extent& start,
            const NetcdfFile::Extent& count, std::byte* values);

private:
  class Dataset;
  class File;

  std::unique_ptr<File> file_;
  std::map<std::string, std::unique_ptr<Dataset>> datasets_; ///< null: not for this reader
};

} // namespace glebe
