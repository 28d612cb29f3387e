// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace glebe {

/// The position of a group and its keys in the namelist, for messages.
class GroupOrigin {
public:
  GroupOrigin() = default;
  GroupOrigin(std::string namelist, std::string group, int line)
      : namelist_(std::move(namelist)), group_(std::move(group)), line_(line) {}

  /// The line of the group; 0 when it is not in the namelist.
  int line() const { return line_; }
  /// Whether the namelist gives `key` a value.
  bool given(std::string_view key) const { return key_lines_.contains(key); }
  /// `case.nml:12`, the line of `key`, or of the group when the key is not given.
  std::string at(std::string_view key = {}) const;
  /// `case.nml:12: &soil depth`, the beginning of a message.
  std::string where(std::string_view key = {}) const;
  /// The same group, as if none of its keys were given.
  GroupOrigin without_keys() const { return {namelist_, group_, line_}; }

  /// Set by the reader: the line of `key`, and that its value was refused.
  void note_key(const std::string& key, int line) { key_lines_[key] = line; }
  void note_fault(const std::string& key) { faulty_.insert(key); }
  bool faulty(std::string_view key) const { return faulty_.contains(key); }

private:
  std::string namelist_;
  std::string group_;
  int line_ = 0;
  std::map<std::string, int, std::less<>> key_lines_;
  std::set<std::string, std::less<>> faulty_;
};

} // namespace glebe
