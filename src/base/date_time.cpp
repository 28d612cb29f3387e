// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/calendar.hpp"
#include "glebe/base/error.hpp"
#include "glebe/base/text.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace glebe {

namespace {

/// Reads a date and time from left to right. Functions return whether they found what they read.
class Scanner {
public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take_word(std::string_view word) {
    if (lower(rest_.substr(0, word.size())) != lower(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  bool skip_blanks() {
    const std::size_t before = rest_.size();
    while (take(' ') || take('\t')) {
    }
    return rest_.size() != before;
  }
  /// A whole number of at most `max_digits` digits; `length` receives their number.
  std::optional<int> integer(std::size_t max_digits, std::size_t* length = nullptr) {
    std::size_t n = 0;
    int value = 0;
    while (n < rest_.size() && std::isdigit(static_cast<unsigned char>(rest_[n])) && n < max_digits)
      value = 10 * value + (rest_[n++] - '0');
    if (n == 0) return std::nullopt;
    rest_.remove_prefix(n);
    if (length) *length = n;
    return value;
  }
  /// The digits after a decimal point.
  std::optional<double> fraction() {
    const std::size_t n = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (n == 0) return std::nullopt;
    const std::string digits = "0." + std::string(rest_.substr(0, n));
    double value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    rest_.remove_prefix(n);
    return value;
  }

private:
  std::string_view rest_;
};

/// hh[:mm[:ss[.s]]] in seconds [s].
std::optional<double> scan_time(Scanner& scanner) {
  const std::optional<int> hour = scanner.integer(2);
  if (!hour) return std::nullopt;
  int minute = 0;
  double second = 0;
  if (scanner.take(':')) {
    const std::optional<int> minutes = scanner.integer(2);
    if (!minutes) return std::nullopt;
    minute = *minutes;
    if (scanner.take(':')) {
      const std::optional<int> seconds = scanner.integer(2);
      if (!seconds) return std::nullopt;
      second = *seconds;
      if (scanner.take('.')) {
        const std::optional<double> fraction = scanner.fraction();
        if (!fraction) return std::nullopt;
        second += *fraction;
      }
    }
  }
  const double total = 3600.0 * *hour + 60.0 * minute + second;
  if (minute > 59 || second >= 60 || total > seconds_per_day) return std::nullopt;
  return total;
}

/// Z, UTC, GMT, or an offset +hh:mm, +hhmm or +hh, positive to the east of Greenwich [s].
std::optional<double> scan_zone(Scanner& scanner) {
  if (scanner.take_word("UTC") || scanner.take_word("GMT") || scanner.take_word("Z")) return 0;
  const bool west = scanner.take('-');
  // UDUNITS reads a second clock time without a sign as an eastern offset.
  if (!west) scanner.take('+');
  std::size_t length = 0;
  const std::optional<int> digits = scanner.integer(4, &length);
  if (!digits) return std::nullopt;
  int hour = length > 2 ? *digits / 100 : *digits;
  int minute = length > 2 ? *digits % 100 : 0;
  if (length <= 2 && scanner.take(':')) {
    const std::optional<int> minutes = scanner.integer(2);
    if (!minutes) return std::nullopt;
    minute = *minutes;
  }
  if (hour > 14 || minute > 59) return std::nullopt;
  return (west ? -60.0 : 60.0) * (60 * hour + minute);
}

std::optional<DateTime> scan_date_time(Scanner& scanner) {
  DateTime result;
  const bool before_zero = scanner.take('-');
  const std::optional<int> year = scanner.integer(9);
  if (!year || !scanner.take('-')) return std::nullopt;
  const std::optional<int> month = scanner.integer(2);
  if (!month || *month < 1 || *month > 12 || !scanner.take('-')) return std::nullopt;
  const std::optional<int> day = scanner.integer(2);
  if (!day || *day < 1 || *day > 31) return std::nullopt;
  result.year = before_zero ? -*year : *year;
  result.month = *month;
  result.day = *day;

  if (scanner.at_end()) return result;
  if (scanner.take('T') || scanner.take('t')) {
    const std::optional<double> time = scan_time(scanner);
    if (!time) return std::nullopt;
    result.second_of_day = *time;
  } else if (scanner.skip_blanks()) {
    const Scanner zone_only = scanner;
    if (const std::optional<double> time = scan_time(scanner))
      result.second_of_day = *time;
    else
      scanner = zone_only;
  } else {
    return std::nullopt;
  }
  scanner.skip_blanks();
  if (scanner.at_end()) return result;
  const std::optional<double> east = scan_zone(scanner);
  if (!east || !scanner.at_end()) return std::nullopt;
  result.second_of_day -= *east;
  return result;
}

} // namespace

DateTime parse_date_time(std::string_view text) {
  Scanner scanner(trimmed(text));
  if (const std::optional<DateTime> result = scan_date_time(scanner)) return *result;
  throw InputError(fmt::format("'{}' is not a date; write it as 2004-05-27, 2004-05-27T06:30:00 "
                               "or 2004-05-27T06:30:00+01:00 (no zone means UTC)",
                               text));
}

} // namespace glebe
