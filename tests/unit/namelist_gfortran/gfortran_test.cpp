// SPDX-License-Identifier: BSD-3-Clause
// Glebe's reader against gfortran's own: the same files, the same values.
#include "glebe/config/namelist.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

#ifndef GLEBE_GFORTRAN_READER
#define GLEBE_GFORTRAN_READER ""
#endif
#ifndef GLEBE_NAMELIST_CASES
#define GLEBE_NAMELIST_CASES ""
#endif

namespace glebe {
namespace {

/// One &case group: the elements of each variable, as text.
using Variables = std::map<std::string, std::vector<std::string>>;

std::string output_of(const std::string& arguments) {
  const std::string command = "'" GLEBE_GFORTRAN_READER "' " + arguments;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return {};
  std::string output;
  std::array<char, 4096> buffer{};
  while (std::fgets(buffer.data(), int(buffer.size()), pipe)) output += buffer.data();
  EXPECT_EQ(pclose(pipe), 0) << command;
  return output;
}

std::vector<Variables> groups_of_gfortran(const std::string& arguments) {
  std::vector<Variables> groups;
  std::istringstream lines(output_of(arguments));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("group")) {
      EXPECT_EQ(line.find("error"), std::string::npos) << arguments << ": " << line;
      groups.emplace_back();
      continue;
    }
    groups.back()[line.substr(0, 1)].push_back(line.substr(line.find(' ', 2) + 1));
  }
  return groups;
}

/// The values that reader.f90 sets before it reads.
Variables defaults() {
  return {
      {"i", {"11"}},        {"j", {"12"}},        {"k", {"101", "102", "103", "104", "105", "106"}},
      {"x", {"0.5"}},       {"y", {"0.25"}},      {"r", {"1.5", "2.5", "3.5", "4.5", "5.5", "6.5"}},
      {"p", {"F"}},         {"q", {"T"}},         {"b", {"F", "T", "F", "T"}},
      {"s", {"default s"}}, {"t", {"default t"}}, {"w", {"w1", "w2", "w3"}}};
}

/// The value as reader.f90 prints it; reals are compared as numbers.
std::string canonical(char variable, const NamelistValue& value) {
  if (std::string("ijk").find(variable) != std::string::npos)
    return std::to_string(as_integer(value).value());
  if (std::string("xyr").find(variable) != std::string::npos)
    return fmt::format("{:.17g}", as_real(value).value());
  if (std::string("pqb").find(variable) != std::string::npos)
    return as_logical(value).value() ? "T" : "F";
  return as_text(value).value();
}

std::vector<Variables> groups_of_glebe(const std::string& file) {
  std::vector<Variables> groups;
  for (const NamelistGroup& group : parse_namelist(read_text(file), file).groups) {
    if (group.name != "case") continue;
    Variables variables = defaults();
    for (const NamelistAssignment& assignment : group.assignments)
      for (std::size_t i = 0; i < assignment.values.size(); ++i)
        if (assignment.values[i])
          variables.at(assignment.key).at(std::size_t(assignment.first - 1) + i) =
              canonical(assignment.key[0], *assignment.values[i]);
    groups.push_back(variables);
  }
  return groups;
}

void expect_equal(const std::vector<Variables>& glebe, const std::vector<Variables>& gfortran,
                  const std::string& file) {
  ASSERT_EQ(glebe.size(), gfortran.size()) << file;
  for (std::size_t g = 0; g < glebe.size(); ++g) {
    for (const auto& [name, elements] : gfortran[g]) {
      ASSERT_EQ(glebe[g].at(name).size(), elements.size());
      for (std::size_t i = 0; i < elements.size(); ++i) {
        const std::string& mine = glebe[g].at(name)[i];
        const std::string place = fmt::format("{} group {} {}({})", file, g + 1, name, i + 1);
        if (name == "x" || name == "y" || name == "r") {
          EXPECT_EQ(std::stod(mine), std::stod(elements[i])) << place;
        } else {
          EXPECT_EQ(mine, elements[i]) << place;
        }
      }
    }
  }
}

bool have_reader() { return std::string(GLEBE_GFORTRAN_READER) != ""; }

TEST(NamelistGfortran, BothReadTheSameValues) {
  if (!have_reader()) GTEST_SKIP() << "built without a Fortran compiler: no gfortran to ask";
  std::vector<std::filesystem::path> cases;
  for (const auto& entry : std::filesystem::directory_iterator(GLEBE_NAMELIST_CASES))
    if (entry.path().extension() == ".nml") cases.push_back(entry.path());
  std::sort(cases.begin(), cases.end());
  EXPECT_GE(cases.size(), 8u);
  for (const auto& file : cases)
    expect_equal(groups_of_glebe(file.string()), groups_of_gfortran("read '" + file.string() + "'"),
                 file.filename().string());
}

TEST(NamelistGfortran, GlebeReadsWhatGfortranWrites) {
  if (!have_reader()) GTEST_SKIP() << "built without a Fortran compiler: no gfortran to ask";
  for (const std::string delimiter : {"apostrophe", "quote"}) {
    const auto file = std::filesystem::temp_directory_path() /
                      fmt::format("glebe_{}_{}.nml", delimiter, getpid());
    const auto written = groups_of_gfortran("write '" + file.string() + "' " + delimiter);
    expect_equal(groups_of_glebe(file.string()), written, file.string());
    std::filesystem::remove(file);
  }
}

} // namespace
} // namespace glebe
