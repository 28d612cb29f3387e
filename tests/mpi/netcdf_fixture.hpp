// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/error.hpp"
#include "glebe/data/netcdf_file.hpp"

#include <gtest/gtest.h>
#include <mpi.h>
#include <netcdf.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace glebe {

namespace fs = std::filesystem;
using Type = NetcdfFile::Type;
using Extent = NetcdfFile::Extent;
using Numbers = std::vector<double>;
using Texts = std::vector<std::string>;

inline const double missing = std::nan("");

/// A folder that all ranks see, for the life of one test.
class NetcdfFileTest : public testing::Test {
protected:
  NetcdfFileTest() {
    std::string name = (fs::temp_directory_path() / "glebe-netcdf-XXXXXX").string();
    if (ranks_.is_root() && !mkdtemp(name.data())) name.clear();
    folder_ = ranks_.broadcast_from_root(name);
  }
  ~NetcdfFileTest() override {
    MPI_Barrier(ranks_.comm());
    if (ranks_.is_root()) fs::remove_all(folder_);
  }

  fs::path path(const std::string& name) const { return folder_ / name; }

  /// Runs `work` on the root alone, when all have closed what they read, and lets the others wait
  /// for it.
  void on_root(const std::function<void()>& work) const {
    MPI_Barrier(ranks_.comm());
    if (ranks_.is_root()) work();
    MPI_Barrier(ranks_.comm());
  }

  /// The root writes a file with the C library as another program would.
  fs::path foreign_file(const std::string& name, int mode,
                        const std::function<void(int)>& fill) const {
    on_root([&] {
      int id = 0;
      ASSERT_EQ(nc_create(path(name).c_str(), NC_CLOBBER | mode, &id), NC_NOERR);
      fill(id);
      ASSERT_EQ(nc_close(id), NC_NOERR);
    });
    return path(name);
  }

  std::string bytes(const fs::path& file) const {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  Ranks ranks_;
  fs::path folder_;
};

inline void expect_same(const Numbers& found, const Numbers& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (std::isnan(expected[i]))
      EXPECT_TRUE(std::isnan(found[i])) << "index " << i;
    else
      EXPECT_EQ(found[i], expected[i]) << "index " << i;
  }
}

inline std::string complaint(const std::function<void()>& work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no InputError";
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The columns of one rank: as even as it goes, but the last of several ranks has none.
inline std::pair<std::size_t, std::size_t> columns_of(const Ranks& ranks, std::size_t n) {
  const auto workers = static_cast<std::size_t>(ranks.size() > 1 ? ranks.size() - 1 : 1);
  const auto rank = static_cast<std::size_t>(ranks.rank());
  if (rank >= workers) return {n, 0};
  const std::size_t begin = n * rank / workers;
  return {begin, n * (rank + 1) / workers - begin};
}

} // namespace glebe
