// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/describe.hpp"
#include "glebe/config/namelist.hpp"
#include "glebe/config/settings_table.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "settings_case.hpp"

namespace glebe {
namespace {

TEST(Describe, HasEveryKeyAndOnlyLacksWhatIsRequired) {
  const Namelist namelist = parse_namelist(describe(), "describe.nml");
  const auto groups = settings_in_words();
  ASSERT_EQ(namelist.groups.size(), groups.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    EXPECT_EQ(namelist.groups[g].name, groups[g].name);
    ASSERT_EQ(namelist.groups[g].assignments.size(), groups[g].fields.size());
    for (std::size_t f = 0; f < groups[g].fields.size(); ++f)
      EXPECT_EQ(namelist.groups[g].assignments[f].key, groups[g].fields[f].key);
  }
  for (const std::string& problem : problems_in(describe()))
    EXPECT_NE(problem.find("required"), std::string::npos) << problem;
}

TEST(Describe, IsAcceptedOnceTheRequiredKeysAreFilledIn) {
  std::string text = describe();
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {" mode =\n", " mode = 'forward'\n"},
           {" start =\n", " start = '2017-07-01'\n"},
           {" stop =\n", " stop = '2017-07-02'\n"},
           {" step =\n", " step = 600\n"},
           {" depth =\n", " depth = 1\n"},
           {" bottom =\n", " bottom = 1\n"},
           {" name =\n", " name = 'all'\n"},
           {" file =\n", " file = 'forcing.nc'\n"},
           {" stamp =\n", " stamp = 'end'\n"},
           {" name =\n", " name = 'shortwave'\n"},
           {" name =\n", " name = 'albedo'\n"},
           {" value =\n", " value = 0.2\n"},
           {" kind =\n", " kind = 'surface_temperature'\n"}})
    text = replaced(text, from, to);
  for (const char* rest :
       {"thermal_conductivity' value = 1", "heat_capacity' value = 2e6", "emissivity' value = 1",
        "heat_transfer' value = 5", "deep_temperature' value = 290"})
    text += std::string("&parameter name = '") + rest + " /\n";
  EXPECT_EQ(problems_in(text), Messages{});
}

TEST(Describe, ReferenceHasEveryKey) {
  const std::string page = reference_markdown();
  for (const GroupText& group : settings_in_words()) {
    const std::size_t begin = page.find("## `&" + group.name + "`");
    ASSERT_NE(begin, std::string::npos) << group.name;
    const std::string section = page.substr(begin, page.find("\n## ", begin) - begin);
    for (const FieldText& field : group.fields)
      EXPECT_NE(section.find("| `" + field.key + "` | " + field.type + " | "), std::string::npos)
          << group.name << ' ' << field.key;
  }
  for (const ParameterInfo& parameter : parameter_table)
    EXPECT_NE(page.find(std::string("| `") + parameter.name + "` |"), std::string::npos);
}

TEST(SettingsTable, DefaultsAreWithinTheirOwnRanges) {
  // Every default passes through the same reader and range check as a given value would.
  for (const std::string& problem : problems_in("")) {
    EXPECT_EQ(problem.find("default"), std::string::npos) << problem;
    EXPECT_EQ(problem.find("must be"), std::string::npos) << problem;
  }
}

} // namespace
} // namespace glebe
