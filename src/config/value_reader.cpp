// SPDX-License-Identifier: BSD-3-Clause
#include "value_reader.hpp"

#include "glebe/base/text.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <glob.h>

namespace glebe {

namespace {

bool is_pattern(const std::filesystem::path& path) {
  std::error_code ignored;
  return path.string().find_first_of("*?[") != std::string::npos &&
         !std::filesystem::exists(path, ignored);
}

// The files that a pattern of the shell matches, sorted by name.
std::vector<std::filesystem::path> matching_files(const std::filesystem::path& pattern) {
  glob_t found{};
  std::vector<std::filesystem::path> files;
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
    files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  return files;
}

} // namespace

ValueReader::ValueReader(std::string file, std::filesystem::path folder, std::string key,
                         Range range, std::string unit, Problems& problems)
    : file_(std::move(file)), folder_(std::move(folder)), key_(std::move(key)), range_(range),
      unit_(std::move(unit)), problems_(problems) {}

bool ValueReader::refuse(const NamelistValue& value, std::string_view reason) const {
  const char* quote = value.quoted ? "'" : "";
  problems_.add("{}: {} = {}{}{}: {}", position_of(file_, value.line), key_, quote, value.text,
                quote, reason);
  return false;
}

bool ValueReader::one(const std::vector<NamelistValue>& values) const {
  if (values.size() == 1) return true;
  problems_.add("{}: {}: must be one value, found {}", position_of(file_, values.back().line), key_,
                values.size());
  return false;
}

bool ValueReader::in_range(const NamelistValue& value, double number) const {
  if (range_.contains(number)) return true;
  return refuse(value, fmt::format("must be {}", range_.describe(unit_)));
}

bool ValueReader::read_one(const NamelistValue& value, bool& member) const {
  const auto logical = as_logical(value);
  if (!logical) return refuse(value, "must be .true. or .false.");
  member = *logical;
  return true;
}

bool ValueReader::read_one(const NamelistValue& value, int& member) const {
  const auto number = as_integer(value);
  if (!number) return refuse(value, "must be an integer");
  member = *number;
  return in_range(value, member);
}

bool ValueReader::read_one(const NamelistValue& value, double& member) const {
  const auto number = as_real(value);
  if (!number) return refuse(value, "must be a number");
  if (!std::isfinite(*number)) return refuse(value, "must be finite");
  member = *number;
  return in_range(value, member);
}

bool ValueReader::read_one(const NamelistValue& value, std::string& member) const {
  const auto text = as_text(value);
  if (!text) return refuse(value, "must be text in quotes");
  if (printable(*text) != *text) return refuse(value, "must not contain control characters");
  member = *text;
  return expand(value, member);
}

bool ValueReader::read_one(const NamelistValue& value, std::filesystem::path& member) const {
  std::string text;
  if (!read_one(value, text)) return false;
  // Not normalised: behind a link to a folder, `a/..` is not the folder of `a`.
  member = text.empty() ? std::filesystem::path() : folder_ / text;
  return true;
}

// Names with *, ? or [ stand for the files that they match, unless there is a file of that name.
bool ValueReader::read(const std::vector<NamelistValue>& values,
                       std::vector<std::filesystem::path>& member) const {
  member.clear();
  bool good = true;
  for (const NamelistValue& value : values) {
    std::filesystem::path path;
    if (!read_one(value, path)) {
      good = false;
    } else if (!is_pattern(path)) {
      if (!path.empty()) member.push_back(path);
    } else {
      const std::vector<std::filesystem::path> found = matching_files(path);
      if (found.empty()) good = refuse(value, "no file has such a name");
      member.insert(member.end(), found.begin(), found.end());
    }
  }
  return good;
}

// A year of more digits is a slip, and its seconds are no longer exact.
bool ValueReader::is_in_history(const NamelistValue& value, const DateTime& date) const {
  constexpr std::int64_t most = 9999;
  return (date.year >= -most && date.year <= most) ||
         refuse(value, fmt::format("must be of a year from {} to {}", -most, most));
}

bool ValueReader::read_one(const NamelistValue& value, DateTime& member) const {
  std::string text;
  if (!read_one(value, text)) return false;
  try {
    member = parse_date_time(text);
  } catch (const InputError&) {
    return refuse(value, "must be a date or a date and time (ISO 8601, UTC) such as '2017-07-01' "
                         "or '2017-07-01T06:30:00'");
  }
  return is_in_history(value, member);
}

bool ValueReader::read_one(const NamelistValue& value, ErrorMemory& member) const {
  const std::string automatic = "auto";
  const auto text = as_text(value);
  member.automatic = text == automatic;
  if (member.automatic) return true;
  if (text)
    return refuse(value, fmt::format("must be a number of hours or '{}'{}", automatic,
                                     did_you_mean(*text, {automatic})));
  return read_one(value, member.hours);
}

bool ValueReader::read(const std::vector<NamelistValue>& values, KnotDates& member) const {
  const std::string monthly = "monthly";
  bool good = true;
  for (const NamelistValue& value : values) {
    std::string text;
    if (!read_one(value, text)) {
      good = false;
    } else if (text == monthly) {
      member.monthly = true;
    } else if (!text.empty()) {
      try {
        member.dates.push_back(parse_date_time(text));
        good = is_in_history(value, member.dates.back()) && good;
      } catch (const InputError&) {
        good = refuse(value, fmt::format("must be '{}' or dates (ISO 8601, UTC) such as "
                                         "'2017-07-01' or '2017-07-01T06:30:00'{}",
                                         monthly, did_you_mean(text, {monthly})));
      }
    }
  }
  if (good && member.monthly && !member.dates.empty())
    good = refuse(values.front(), "'monthly' must be the only value");
  return good;
}

std::optional<std::size_t> ValueReader::read_choice(const std::vector<NamelistValue>& values,
                                                    const std::vector<std::string>& names,
                                                    bool or_logical) const {
  if (or_logical && values.size() == 1) {
    NamelistValue plain = values.front();
    plain.quoted = false;
    if (const auto logical = as_logical(plain)) return *logical ? 1 : 0;
  }
  std::string text;
  if (!read(values, text)) return {};
  const auto found = std::find(names.begin(), names.end(), text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  // Of many names, the one that is meant says more than all of them.
  constexpr std::size_t few = 12;
  const std::string hint = did_you_mean(text, names);
  if (names.size() > few && !hint.empty())
    refuse(values.front(), "not a known name" + hint);
  else
    refuse(values.front(), fmt::format("must be '{}'{}", fmt::join(names, "', '"), hint));
  return {};
}

/// Replaces every `${NAME}` in `text` by what the environment has for NAME.
bool ValueReader::expand(const NamelistValue& value, std::string& text) const {
  for (std::size_t begin = text.find("${"); begin != std::string::npos;
       begin = text.find("${", begin)) {
    const std::size_t end = text.find('}', begin);
    if (end == std::string::npos) return refuse(value, "'${' without its '}'");
    const std::string name = text.substr(begin + 2, end - begin - 2);
    const char* content = std::getenv(name.c_str());
    if (!content)
      return refuse(value, fmt::format("the environment variable '{}' is not set", name));
    text.replace(begin, end + 1 - begin, content);
    begin += std::string_view(content).size();
  }
  return true;
}

} // namespace glebe
