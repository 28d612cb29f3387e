// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/error.hpp"
#include "glebe/base/log.hpp"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <vector>

namespace glebe {
namespace {

const std::vector<std::string> known{"albedo", "emissivity", "heat_transfer", "heat_transfer_wind",
                                     "heat_capacity"};

TEST(NearestName, finds_one_slip_of_the_finger) {
  EXPECT_EQ(nearest_name("albdo", known), "albedo");   // a letter left out
  EXPECT_EQ(nearest_name("allbedo", known), "albedo"); // one too many
  EXPECT_EQ(nearest_name("albepo", known), "albedo");  // a wrong one
  EXPECT_EQ(nearest_name("albdeo", known), "albedo");  // two exchanged
  EXPECT_EQ(nearest_name("emissivty", known), "emissivity");
}

TEST(NearestName, ignores_letter_case) {
  EXPECT_EQ(nearest_name("ALBEDO", known), "albedo");
  EXPECT_EQ(nearest_name("Heat_Capacty", known), "heat_capacity");
}

TEST(NearestName, takes_the_nearest_of_similar_names) {
  EXPECT_EQ(nearest_name("heat_transfer_win", known), "heat_transfer_wind");
  EXPECT_EQ(nearest_name("heat_transfr", known), "heat_transfer");
  EXPECT_EQ(nearest_name("heat_transfer", known), "heat_transfer");
}

TEST(NearestName, takes_the_first_of_equally_near_names) {
  EXPECT_EQ(nearest_name("band_3", {"band_1", "band_2"}), "band_1");
}

// A third of the letters may be wrong, and one letter of the shortest names.
TEST(NearestName, is_empty_when_nothing_is_near) {
  EXPECT_EQ(nearest_name("roughness", known), "");
  EXPECT_EQ(nearest_name("", known), "");
  EXPECT_EQ(nearest_name("albedo", {}), "");
  EXPECT_EQ(nearest_name("abcdef", {"abcdxy"}), "abcdxy");
  EXPECT_EQ(nearest_name("abcdef", {"abcxyz"}), "");
  EXPECT_EQ(nearest_name("dt", {"dz"}), "dz");
  EXPECT_EQ(nearest_name("dt", {"xy"}), "");
}

// A name in a file must not drive the terminal that shows the message.
TEST(Log, shows_control_characters_instead_of_sending_them) {
  testing::internal::CaptureStdout();
  Log(true).info("{}", "a\x1b[2Jb\rc\x7f \xc2\x9b \xc3\xa4\n\td");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "a\\x1b[2Jb\\x0dc\\x7f \\x9b \xc3\xa4\n\td\n");
}

TEST(DidYouMean, is_a_question_or_nothing) {
  EXPECT_EQ(did_you_mean("albdeo", known), " (did you mean 'albedo'?)");
  EXPECT_EQ(did_you_mean("roughness", known), "");
}

TEST(InputError, keeps_every_problem) {
  const InputError one("case.nml:3: no such key");
  EXPECT_EQ(one.problems(), std::vector<std::string>{"case.nml:3: no such key"});
  EXPECT_STREQ(one.what(), "case.nml:3: no such key");

  const InputError two(std::vector<std::string>{"first", "second"});
  EXPECT_EQ(two.problems().size(), 2u);
  EXPECT_STREQ(two.what(), "first\nsecond");
}

// The two lead to different exit statuses: neither may be caught as the other.
TEST(InputError, is_no_run_error) {
  EXPECT_FALSE((std::is_base_of_v<RunError, InputError>));
  EXPECT_FALSE((std::is_base_of_v<InputError, RunError>));
}

TEST(Problems, without_any_do_not_throw) {
  const Problems problems;
  EXPECT_TRUE(problems.empty());
  EXPECT_NO_THROW(problems.throw_if_any());
}

TEST(Problems, are_thrown_together_in_order) {
  Problems problems;
  problems.add("{}:{}: &soil depth = {} m: must be above 0", "case.nml", 7, -1.5);
  problems.add(InputError(std::vector<std::string>{"second", "third"}));
  problems.add("{{plain}} text");
  EXPECT_FALSE(problems.empty());

  const std::vector<std::string> expected{"case.nml:7: &soil depth = -1.5 m: must be above 0",
                                          "second", "third", "{plain} text"};
  EXPECT_EQ(problems.messages(), expected);
  try {
    problems.throw_if_any();
    FAIL() << "nothing was thrown";
  } catch (const InputError& error) {
    EXPECT_EQ(error.problems(), expected);
  }
}

// Messages quote the user's text, which may hold braces and must not be formatted again.
TEST(Problems, leave_braces_in_quoted_text_alone) {
  Problems problems;
  problems.add(InputError("file '{0}.nc' does not exist"));
  problems.add("title = '{}'", "{a} {b}");
  EXPECT_EQ(problems.messages(),
            (std::vector<std::string>{"file '{0}.nc' does not exist", "title = '{a} {b}'"}));
}

} // namespace
} // namespace glebe
