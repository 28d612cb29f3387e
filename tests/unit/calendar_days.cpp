// SPDX-License-Identifier: BSD-3-Clause
// Answers questions about dates on standard input, one per line, for calendar_cftime.py:
//   day <calendar> <year> <month> <day>   prints the day number, and the date that it leads back to
//   text <calendar> <date and time>       prints the instant in UTC
// and "refused" where the answer is an InputError.
#include "glebe/base/calendar.hpp"
#include "glebe/base/error.hpp"

#include <iostream>
#include <sstream>

namespace {

std::string answer(std::istringstream question) {
  std::string kind;
  std::string name;
  question >> kind >> name;
  const glebe::Calendar calendar = glebe::parse_calendar(name);
  if (kind == "day") {
    std::int64_t year = 0;
    int month = 0;
    int day = 0;
    question >> year >> month >> day;
    const std::int64_t number = glebe::day_number(calendar, year, month, day);
    const glebe::DateTime back = glebe::date_of(calendar, number);
    return fmt::format("{} {} {} {}", number, back.year, back.month, back.day);
  }
  std::string text;
  std::getline(question, text);
  return glebe::iso_text(calendar, glebe::parse_date_time(text));
}

} // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    try {
      std::cout << answer(std::istringstream(line)) << '\n';
    } catch (const glebe::InputError&) {
      std::cout << "refused\n";
    }
  }
}
