// SPDX-License-Identifier: BSD-3-Clause
// Compressed variables: whatever their chunks and filters, what was written is read.
#include <optional>

#include "netcdf_fixture.hpp"

namespace glebe {
namespace {

constexpr std::size_t n_time = 30, n_y = 20, n_x = 40;

/// A variable of values by their number, stored in one way of many.
struct Stored {
  const char* name;
  nc_type type;
  std::array<std::size_t, 3> chunk;
  bool shuffled, deflated, summed;
};

constexpr std::array<Stored, 11> variables{{
    {"floats", NC_FLOAT, {7, 6, 40}, true, true, false},
    {"tiles", NC_FLOAT, {30, 7, 9}, true, true, false},
    {"maps", NC_FLOAT, {1, 20, 40}, true, true, false},
    {"whole", NC_FLOAT, {30, 20, 40}, true, true, false},
    {"in_order", NC_FLOAT, {7, 6, 11}, false, true, false},
    {"doubles", NC_DOUBLE, {8, 20, 40}, true, true, false},
    {"shorts", NC_SHORT, {7, 20, 13}, true, true, false},
    {"bytes", NC_BYTE, {7, 20, 13}, true, true, false},
    {"summed", NC_FLOAT, {7, 6, 40}, true, true, true},
    {"not_deflated", NC_FLOAT, {7, 6, 40}, false, false, false},
    {"y", NC_FLOAT, {7, 6, 40}, true, true, false}, // named like a dimension
}};

double value_at(const Stored& variable, std::size_t i) {
  if (variable.type == NC_BYTE) return double(i % 100);
  return variable.type == NC_SHORT ? double(i) : 0.25 * double(i * 7919 % 100003);
}

class CompressedTest : public NetcdfFileTest {
protected:
  fs::path file_of_all() const {
    return foreign_file("compressed.nc", NC_NETCDF4, [](int id) {
      std::array<int, 3> dimensions{};
      nc_def_dim(id, "time", NC_UNLIMITED, &dimensions[0]);
      nc_def_dim(id, "y", n_y, &dimensions[1]);
      nc_def_dim(id, "x", n_x, &dimensions[2]);
      for (const Stored& stored : variables) {
        int variable = 0;
        EXPECT_EQ(nc_def_var(id, stored.name, stored.type, 3, dimensions.data(), &variable),
                  NC_NOERR);
        nc_def_var_chunking(id, variable, NC_CHUNKED, stored.chunk.data());
        nc_def_var_deflate(id, variable, stored.shuffled, stored.deflated, 1);
        if (stored.summed) nc_def_var_fletcher32(id, variable, NC_FLETCHER32);
        std::vector<double> values(n_time * n_y * n_x);
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = value_at(stored, i);
        const std::array<std::size_t, 3> start{}, count{n_time, n_y, n_x};
        EXPECT_EQ(nc_put_vara_double(id, variable, start.data(), count.data(), values.data()),
                  NC_NOERR);
      }
    });
  }

  static void expect_part(const NetcdfFile& file, const Stored& stored, const Extent& start,
                          const Extent& count) {
    Numbers expected;
    for (std::size_t time = start[0]; time < start[0] + count[0]; ++time)
      for (std::size_t y = start[1]; y < start[1] + count[1]; ++y)
        for (std::size_t x = start[2]; x < start[2] + count[2]; ++x)
          expected.push_back(value_at(stored, (time * n_y + y) * n_x + x));
    SCOPED_TRACE(stored.name);
    expect_same(file.read(stored.name, start, count), expected);
  }
};

TEST_F(CompressedTest, EveryPartOfEveryFormIsAsItWasWritten) {
  const NetcdfFile file = NetcdfFile::open(ranks_, file_of_all());
  const auto [first, n] = columns_of(ranks_, n_x);
  for (const Stored& stored : variables) {
    expect_part(file, stored, {0, 0, 0}, {n_time, n_y, n_x});
    expect_part(file, stored, {7, 0, 0}, {14, n_y, n_x});
    expect_part(file, stored, {3, 2, 1}, {26, 17, 38});
    expect_part(file, stored, {0, 0, first}, {n_time, n_y, n});
    expect_part(file, stored, {29, 19, 39}, {1, 1, 1});
  }
}

// The reader of chunks uses the file as netCDF has opened it, here maybe for the other one.
TEST_F(CompressedTest, AFileThatIsOpenTwiceIsReadByBothAndAfterEitherIsClosed) {
  const fs::path name = file_of_all();
  const auto expect = [](const NetcdfFile& file, const Stored& stored) {
    expect_part(file, stored, {0, 0, 0}, {n_time, n_y, n_x});
  };
  for (const std::size_t closed : {0, 1}) {
    std::array<std::optional<NetcdfFile>, 2> files;
    for (auto& file : files) file = NetcdfFile::open(ranks_, name);
    for (const auto& file : files) expect(*file, variables[0]);
    files[closed].reset();
    for (const std::size_t k : {0, 1}) expect(*files[1 - closed], variables[k]);
  }
}

TEST_F(CompressedTest, ChunksThatWereNeverWrittenAreMissing) {
  const fs::path name = foreign_file("holes.nc", NC_NETCDF4, [](int id) {
    std::array<int, 3> dimensions{};
    int variable = 0;
    nc_def_dim(id, "time", n_time, &dimensions[0]);
    nc_def_dim(id, "y", n_y, &dimensions[1]);
    nc_def_dim(id, "x", n_x, &dimensions[2]);
    nc_def_var(id, "t", NC_FLOAT, 3, dimensions.data(), &variable);
    const std::array<std::size_t, 3> chunk{5, n_y, n_x}, start{5, 0, 0};
    nc_def_var_chunking(id, variable, NC_CHUNKED, chunk.data());
    nc_def_var_deflate(id, variable, 1, 1, 1);
    const std::vector<double> values(5 * n_y * n_x, 280.0);
    EXPECT_EQ(nc_put_vara_double(id, variable, start.data(), chunk.data(), values.data()),
              NC_NOERR);
  });
  const Numbers found = NetcdfFile::open(ranks_, name).read_all("t");
  constexpr std::size_t written = 5 * n_y * n_x;
  for (std::size_t i = 0; i < found.size(); ++i)
    ASSERT_EQ(std::isnan(found[i]), i / written != 1) << i;
}

TEST_F(CompressedTest, ADamagedChunkIsAnError) {
  const fs::path name = file_of_all();
  const std::string contents = bytes(name);
  // A stream of zlib begins with these two bytes where its level is the fastest.
  const std::size_t stream = contents.find("\x78\x01");
  ASSERT_NE(stream, std::string::npos);
  on_root([&] {
    std::string damaged = contents;
    for (std::size_t i = stream + 40; i < stream + 60; ++i) damaged[i] = char(~damaged[i]);
    std::ofstream(name, std::ios::binary) << damaged;
  });
  const NetcdfFile file = NetcdfFile::open(ranks_, name);
  const std::string text = complaint([&] {
    for (const Stored& stored : variables) file.read_all(stored.name);
  });
  EXPECT_TRUE(contains(text, "compressed.nc: variable '")) << text;
}

} // namespace
} // namespace glebe
