// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/error.hpp"
#include "glebe/config/output_paths.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "settings_case.hpp"

namespace glebe {
namespace {

namespace fs = std::filesystem;

/// A folder with two files, links to them, and links to folders.
class OutputPaths : public testing::Test {
protected:
  OutputPaths() {
    std::string name = (fs::temp_directory_path() / "glebe-paths-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    for (const char* file : {"a.nc", "obs.nc"}) std::ofstream(folder_ / file) << file;
    fs::create_directories(folder_ / "real/deep");
    fs::create_directory_symlink(".", folder_ / "here");
    fs::create_directory_symlink("real/deep", folder_ / "link");
    fs::create_symlink("a.nc", folder_ / "linked.nc");
    fs::create_hard_link(folder_ / "a.nc", folder_ / "hard.nc");
  }
  ~OutputPaths() override { fs::remove_all(folder_); }

  /// The problems of a case in the folder, which reads a.nc, b.nc and obs.nc, with other outputs.
  std::vector<std::string> problems(const std::string& output, const std::string& more = "") const {
    try {
      parse_settings(
          replaced(estimate, "mode = 'estimate'", "mode = 'estimate', output = '" + output + "'") +
              more,
          folder_ / "case.nml");
    } catch (const InputError& error) {
      return error.problems();
    }
    return {};
  }

  fs::path folder_;
};

TEST_F(OutputPaths, FilesAreComparedHoweverTheyAreSpelt) {
  for (const char* other : {"./a.nc", "real/../a.nc", "link/../../a.nc", "here/here/a.nc",
                            "linked.nc", "hard.nc", "here/linked.nc"})
    EXPECT_TRUE(same_file(folder_ / "a.nc", folder_ / other)) << other;
  for (const char* other : {"obs.nc", "link/../a.nc", "real/a.nc", "absent.nc", "absent/../a.ncx"})
    EXPECT_FALSE(same_file(folder_ / "a.nc", folder_ / other)) << other;
  // Files that are not there yet.
  EXPECT_TRUE(same_file(folder_ / "new.nc", folder_ / "here/real/../new.nc"));
  EXPECT_TRUE(same_file(folder_ / "real/new.nc", folder_ / "link/../new.nc"));
  EXPECT_FALSE(same_file(folder_ / "new.nc", folder_ / "link/../new.nc"));
}

TEST_F(OutputPaths, NoOutputReplacesAnInput) {
  for (const char* path :
       {"linked.nc", "hard.nc", "here/b.nc", "link/../../obs.nc", "./case.nml", "here/case.nml"}) {
    const auto found = problems(path);
    ASSERT_EQ(found.size(), 1U) << path;
    EXPECT_EQ(found[0], fmt::format("{}:1: &run output = '{}': would overwrite a file that the run "
                                    "also reads or writes",
                                    (folder_ / "case.nml").string(), (folder_ / path).string()));
  }
  EXPECT_TRUE(problems("link/../a.nc").empty());
  EXPECT_TRUE(problems(folder_ / "new.nc").empty());
}

TEST_F(OutputPaths, NoOutputReplacesAnother) {
  const auto with_checkpoint = [&](const std::string& file) {
    return problems("new.nc", "\n&checkpoint file = '" + file + "' /").size();
  };
  EXPECT_EQ(with_checkpoint("here/new.nc"), 1U);
  EXPECT_EQ(with_checkpoint("hard.nc"), 1U);
  EXPECT_EQ(with_checkpoint("link/../new.nc"), 0U);
}

} // namespace
} // namespace glebe
