// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/config/namelist.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace glebe {
namespace {

NamelistGroup only_group(const std::string& text) {
  const Namelist namelist = parse_namelist(text, "case.nml");
  EXPECT_EQ(namelist.groups.size(), 1u);
  return namelist.groups.at(0);
}

/// The values of the one assignment `v = …`: "-" for a null, strings in brackets.
std::vector<std::string> values(const std::string& text) {
  const NamelistGroup group = only_group("&g v = " + text + " /");
  EXPECT_EQ(group.assignments.size(), 1u);
  std::vector<std::string> shown;
  for (const auto& value : group.assignments.at(0).values)
    shown.push_back(!value ? "-" : value->quoted ? "[" + value->text + "]" : value->text);
  return shown;
}

using Shown = std::vector<std::string>;

std::vector<std::string> problems_of(const std::string& text) {
  Problems problems;
  parse_namelist(text, "case.nml", problems);
  return problems.messages();
}

NamelistValue bare(const std::string& text) { return {text, false, 1}; }

TEST(Namelist, GroupsKeepTheirOrderAndLines) {
  const Namelist namelist =
      parse_namelist("text\n&One a=1 /\n\n&two /\n &ONE\n b=2\n&end &three /", "case.nml");
  ASSERT_EQ(namelist.groups.size(), 4u);
  EXPECT_EQ(namelist.groups[0].name, "one");
  EXPECT_EQ(namelist.groups[0].line, 2);
  EXPECT_EQ(namelist.groups[1].name, "two");
  EXPECT_EQ(namelist.groups[2].name, "one");
  EXPECT_EQ(namelist.groups[2].line, 5);
  EXPECT_EQ(namelist.groups[2].assignments.at(0).line, 6);
  EXPECT_EQ(namelist.groups[3].name, "three");
}

TEST(Namelist, TextAndCommentsBetweenGroupsAreIgnored) {
  EXPECT_TRUE(parse_namelist("R&D, a & b, 'c\n! &no a=1 /\nx = 3 /", "f").groups.empty());
  EXPECT_EQ(only_group("$old a = 1 $end\n").name, "old");
  EXPECT_EQ(only_group("\xEF\xBB\xBF&g a=1 /").assignments.size(), 1u);
}

TEST(Namelist, AssignmentsShareLinesAndIgnoreLetterCase) {
  const NamelistGroup group = only_group("&g A=1 bC = 2,d= 3\n e\n=\n4 /");
  ASSERT_EQ(group.assignments.size(), 4u);
  EXPECT_EQ(group.assignments[0].key, "a");
  EXPECT_EQ(group.assignments[1].key, "bc");
  EXPECT_EQ(group.assignments[2].key, "d");
  EXPECT_EQ(group.assignments[3].key, "e");
  EXPECT_EQ(group.assignments[3].values.at(0)->line, 4);
}

TEST(Namelist, ListsAreSeparatedByBlanksOrCommas) {
  EXPECT_EQ(values("1 2,3 ,4\t5\n6 ! seven\n, 8"), (Shown{"1", "2", "3", "4", "5", "6", "8"}));
  EXPECT_EQ(values("1,2,\n"), (Shown{"1", "2"}));
  EXPECT_EQ(values(""), Shown{});
  EXPECT_EQ(values("1!comment\n2"), (Shown{"1", "2"}));
}

TEST(Namelist, RepeatsAndNullValues) {
  EXPECT_EQ(values("3*0.5"), (Shown{"0.5", "0.5", "0.5"}));
  EXPECT_EQ(values("2*'a b' 1"), (Shown{"[a b]", "[a b]", "1"}));
  EXPECT_EQ(values("1,,3"), (Shown{"1", "-", "3"}));
  EXPECT_EQ(values(",2"), (Shown{"-", "2"}));
  EXPECT_EQ(values("2*, 7"), (Shown{"-", "-", "7"}));
  EXPECT_EQ(values("2* 7"), (Shown{"-", "-", "7"}));
}

TEST(Namelist, Strings) {
  EXPECT_EQ(values("'it''s' \"a \"\"b\"\"\" '' 'x/y!&=,'"),
            (Shown{"[it's]", "[a \"b\"]", "[]", "[x/y!&=,]"}));
  EXPECT_EQ(values("'one\n two'"), Shown{"[one two]"});
  EXPECT_EQ(values("'one\r\n two'"), Shown{"[one two]"});
  EXPECT_EQ(values("'b = 3'"), Shown{"[b = 3]"});
}

TEST(Namelist, Indices) {
  const NamelistGroup group = only_group("&g a(2) = 1, 2  b( 2 : 3 ) = 5 6 c(:)=1 d (4:) = 2 e=1/");
  ASSERT_EQ(group.assignments.size(), 5u);
  EXPECT_TRUE(group.assignments[0].indexed);
  EXPECT_EQ(group.assignments[0].first, 2);
  EXPECT_EQ(group.assignments[0].values.size(), 2u);
  EXPECT_EQ(group.assignments[1].first, 2);
  EXPECT_EQ(group.assignments[2].first, 1);
  EXPECT_EQ(group.assignments[3].first, 4);
  EXPECT_FALSE(group.assignments[4].indexed);
}

TEST(Namelist, SyntaxErrorsNameFileAndLine) {
  const auto expect = [](const std::string& text, const std::string& message) {
    const auto problems = problems_of(text);
    ASSERT_EQ(problems.size(), 1u) << text;
    EXPECT_EQ(problems[0], message) << text;
  };
  expect("\n&g\n a = 1\n", "case.nml:2: &g: not closed by '/'");
  expect("&g\n a = 1\n&h b = 2 /", "case.nml:1: &g: not closed by '/' before line 3");
  expect("&g\n a = 'b\n/\n", "case.nml:2: the string that begins here is never closed");
}

TEST(Namelist, SyntaxErrorsInValues) {
  const auto first = [](const std::string& text) {
    const auto problems = problems_of(text);
    return problems.empty() ? std::string() : problems[0];
  };
  EXPECT_EQ(first("&g\n nodes 51\n a = 1 /"),
            "case.nml:2: &g: expected 'name = value', found 'nodes'");
  EXPECT_EQ(first("&g\n a = 1\n nodes 51 /"),
            "case.nml:3: &g a: 'nodes' is neither a value nor followed by '='");
  for (const char* bad : {"0*5", "-1*5", "1.5*2", "*5", "a*5", "9999999999*5"})
    EXPECT_EQ(first(std::string("&g\n a = ") + bad + " /"),
              std::string("case.nml:2: &g a: bad repeat in '") + bad +
                  "': must be a whole number before '*'");
  EXPECT_EQ(first("&g a = 2*3*4 /"), "case.nml:1: &g a: bad repeat in '3*4': one '*' only");
  for (const char* bad : {"0", "1,2", "x", "3:2", "", "1:2:3", "-1"})
    EXPECT_EQ(first(std::string("&g a(") + bad + ") = 1 /"),
              std::string("case.nml:1: &g a: bad index '(") + bad +
                  ")': must be like (2) or (2:4)");
  EXPECT_EQ(first("&g a(2:3) = 1 2 3 /"), "case.nml:1: &g a(2:3): 3 values for 2 elements");
  EXPECT_EQ(first("&g a = 'b\nc'd /"), "case.nml:2: &g a: 'd' follows the string that begins on "
                                       "line 1: is a quote missing?");
  EXPECT_EQ(first("&g a = = 3 /"), "case.nml:1: &g a: unexpected '='");
}

TEST(Namelist, ReadingGoesOnAfterAnError) {
  Problems problems;
  const Namelist namelist =
      parse_namelist("&g nodes 51, 'x' b = 2*3*1 c = 3\n&h d = 4 /", "case.nml", problems);
  EXPECT_EQ(problems.messages().size(), 3u);
  ASSERT_EQ(namelist.groups.size(), 2u);
  EXPECT_EQ(namelist.groups[0].assignments.back().key, "c");
  EXPECT_EQ(namelist.groups[1].assignments.at(0).values.at(0)->text, "4");
  EXPECT_THROW(parse_namelist("&g", "case.nml"), InputError);
}

TEST(NamelistValues, Logicals) {
  for (const char* text : {".true.", ".TRUE.", "T", "t", ".t.", "true", ".True"})
    EXPECT_EQ(as_logical(bare(text)), true) << text;
  for (const char* text : {".false.", "F", ".f.", "false"})
    EXPECT_EQ(as_logical(bare(text)), false) << text;
  for (const char* text : {"yes", "1", "tomato", "."}) EXPECT_FALSE(as_logical(bare(text))) << text;
  EXPECT_FALSE(as_logical({"t", true, 1}));
}

TEST(NamelistValues, Integers) {
  EXPECT_EQ(as_integer(bare("42")), 42);
  EXPECT_EQ(as_integer(bare("+42")), 42);
  EXPECT_EQ(as_integer(bare("-7")), -7);
  for (const char* text : {"1.0", "1e3", "", "+-1", "99999999999", "0x10"})
    EXPECT_FALSE(as_integer(bare(text))) << text;
}

TEST(NamelistValues, Reals) {
  EXPECT_EQ(as_real(bare("1.d0")), 1.0);
  EXPECT_EQ(as_real(bare("1.D+3")), 1000.0);
  EXPECT_EQ(as_real(bare("1e5")), 1e5);
  EXPECT_EQ(as_real(bare("1.5+3")), 1500.0);
  EXPECT_EQ(as_real(bare("-.5q-1")), -0.05);
  EXPECT_EQ(as_real(bare("5.")), 5.0);
  EXPECT_EQ(as_real(bare("+3")), 3.0);
  EXPECT_EQ(as_real(bare("-Infinity")), -INFINITY);
  EXPECT_TRUE(std::isnan(as_real(bare("NaN")).value()));
  for (const char* text : {".", "e5", "1e", "1.5.2", "1,5", "0x1p3", "1e400", "--1", "+", "3m"})
    EXPECT_FALSE(as_real(bare(text))) << text;
  EXPECT_FALSE(as_real({"1.0", true, 1}));
}

TEST(NamelistValues, TextLosesItsTrailingBlanksOnly) {
  EXPECT_EQ(as_text({"  a b  ", true, 1}), "  a b");
  EXPECT_EQ(as_text({"   ", true, 1}), "");
  EXPECT_FALSE(as_text(bare("a")));
}

} // namespace
} // namespace glebe
