// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/error.hpp"
#include "glebe/config/namelist.hpp"
#include "glebe/config/settings_table.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace glebe {

/// Converts the values of one key into members of a settings struct. Values that are not accepted
/// are added to the problems, with their lines; read() returns whether all were accepted.
class ValueReader {
public:
  /// `key` as in messages ("&time step"); paths are relative to `folder`.
  ValueReader(std::string file, std::filesystem::path folder, std::string key, Range range,
              std::string unit, Problems& problems);

  template <class T>
  bool read(const std::vector<NamelistValue>& values, T& member) const {
    return one(values) && read_one(values.front(), member);
  }
  template <class T>
  bool read(const std::vector<NamelistValue>& values, std::optional<T>& member) const {
    return read(values, member.emplace());
  }
  template <class T>
  bool read(const std::vector<NamelistValue>& values, std::vector<T>& member) const {
    bool good = true;
    for (const NamelistValue& value : values) {
      T element{};
      if (!read_one(value, element)) {
        good = false;
      } else if (!blank(element)) {
        member.push_back(std::move(element));
      }
    }
    return good;
  }
  /// Files, those that match a pattern among them.
  bool read(const std::vector<NamelistValue>& values,
            std::vector<std::filesystem::path>& member) const;
  /// Dates, or 'monthly' by itself.
  bool read(const std::vector<NamelistValue>& values, KnotDates& member) const;
  /// The index of the value in `names`; empty if it is not there. `or_logical`: .false. and .true.,
  /// also in quotes, stand for the first two.
  std::optional<std::size_t> read_choice(const std::vector<NamelistValue>& values,
                                         const std::vector<std::string>& names,
                                         bool or_logical) const;

private:
  bool one(const std::vector<NamelistValue>& values) const;
  bool read_one(const NamelistValue& value, bool& member) const;
  bool read_one(const NamelistValue& value, int& member) const;
  bool read_one(const NamelistValue& value, double& member) const;
  bool read_one(const NamelistValue& value, std::string& member) const;
  bool read_one(const NamelistValue& value, std::filesystem::path& member) const;
  bool read_one(const NamelistValue& value, DateTime& member) const;
  bool is_in_history(const NamelistValue& value, const DateTime& date) const;
  bool read_one(const NamelistValue& value, ErrorMemory& member) const;
  /// Lists of paths and texts written by Fortran end in blank elements.
  static bool blank(const std::string& text) { return text.empty(); }
  static bool blank(double) { return false; }
  bool expand(const NamelistValue& value, std::string& text) const;
  bool in_range(const NamelistValue& value, double number) const;
  bool refuse(const NamelistValue& value, std::string_view reason) const;

  std::string file_;
  std::filesystem::path folder_;
  std::string key_;
  Range range_;
  std::string unit_;
  Problems& problems_;
};

} // namespace glebe
