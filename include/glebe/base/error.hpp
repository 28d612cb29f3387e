// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace glebe {

/// The input is wrong; the program ends with exit status 2. Each problem is one complete message:
/// where (file and line, or file and variable), what was found, what is allowed.
class InputError : public std::runtime_error {
public:
  explicit InputError(std::vector<std::string> problems);
  explicit InputError(const std::string& problem) : InputError(std::vector{problem}) {}
  const std::vector<std::string>& problems() const { return problems_; }

private:
  std::vector<std::string> problems_;
};

/// The run failed although the input was accepted; the program ends with exit status 1.
class RunError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Collects the problems of an input so that all of them are reported together.
class Problems {
public:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    messages_.push_back(fmt::format(format, std::forward<Args>(args)...));
  }
  /// Adds the problems of an InputError.
  void add(const InputError& error);
  bool empty() const { return messages_.empty(); }
  const std::vector<std::string>& messages() const { return messages_; }
  /// Throws one InputError with all problems, if there are any.
  void throw_if_any() const;

private:
  std::vector<std::string> messages_;
};

/// Runs `work`, and throws its InputError again with `where` (file and line, or file and variable)
/// in front.
template <class Work>
auto with_location(const std::string& where, const Work& work) {
  try {
    return work();
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}", where, error.what()));
  }
}

/// The entry of `known` with the smallest edit distance to `name` (letter case ignored), or an
/// empty view if `name` is unlikely to be a misspelling of any.
std::string_view nearest_name(std::string_view name, const std::vector<std::string>& known);

/// " (did you mean 'x'?)" for the nearest known name, or an empty string.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& known);

} // namespace glebe
