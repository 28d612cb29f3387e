// SPDX-License-Identifier: BSD-3-Clause
#include "overrides.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "group_names.hpp"
#include "override.hpp"

namespace glebe {

namespace {

/// A change of the text: what stands from `begin` to `end` is replaced.
struct Edit {
  std::size_t begin, end;
  std::string replacement;
};

class Overrider {
public:
  Overrider(Namelist& namelist, Problems& problems)
      : namelist_(namelist), as_written_(namelist), problems_(problems) {}

  void apply(const std::string& text) {
    const auto is_break = [](char c) { return c == '\n' || c == '\r'; };
    std::string option = "\n--set " + text;
    std::replace_if(option.begin() + 1, option.end(), is_break, ' ');
    namelist_.file += option;
    ++line_;
    const auto given = parse_override(text);
    if (!given) {
      problems_.add("--set {}: must be group.key=value or group(name).key=value", text);
      return;
    }
    const auto form = find_form(*given, problems_);
    if (!form) return;
    auto set = read_value(*given, *form);
    if (!set) return;
    const auto group = find_group(*given, *form);
    if (!group) return;
    set->group = *group;
    assign(std::move(*set));
  }

  /// The text of the namelist with everything that was set.
  std::string edited(std::string_view text) {
    std::string result(without_byte_order_mark(text));
    for (std::size_t g = 0; g < as_written_.groups.size(); ++g) edit(as_written_.groups[g], g);
    std::ranges::stable_sort(edits_, std::ranges::greater{}, &Edit::begin);
    for (const Edit& one : edits_) result.replace(one.begin, one.end - one.begin, one.replacement);
    for (std::size_t g = as_written_.groups.size(); g < namelist_.groups.size(); ++g)
      result += fmt::format("\n&{}{} /\n", namelist_.groups[g].name, text_of_set(g));
    return result;
  }

private:
  /// An assignment that was set, and its text.
  struct Set {
    std::size_t group;
    NamelistAssignment assignment;
    std::string text;
  };

  std::optional<Set> read_value(const Override& given, const KeyForm& form) {
    const std::string subscript =
        given.subscript.empty() ? "" : fmt::format("({})", given.subscript);
    const std::string text = fmt::format("&{} {}{} = {} /", given.group, given.key, subscript,
                                         in_namelist(given.value, form));
    Problems syntax;
    const Namelist read = parse_namelist(text, given.option, syntax);
    const bool one = syntax.empty() && read.groups.size() == 1 &&
                     read.groups[0].assignments.size() == 1 &&
                     !read.groups[0].assignments[0].values.empty();
    if (!one) {
      problems_.add("{}: '{}' is not a value as a namelist has it", given.option, given.value);
      return {};
    }
    NamelistAssignment assignment = read.groups[0].assignments[0];
    assignment.line = line_;
    for (auto& value : assignment.values)
      if (value) value->line = line_;
    const std::size_t length = assignment.end - assignment.begin;
    return Set{0, assignment, text.substr(assignment.begin, length)};
  }

  /// The numbers of the groups of a kind in the namelist.
  std::vector<std::size_t> groups_named(const std::string& name) const {
    std::vector<std::size_t> found;
    for (std::size_t g = 0; g < namelist_.groups.size(); ++g)
      if (namelist_.groups[g].name == name) found.push_back(g);
    return found;
  }

  /// The group that is meant; one that is not repeated is made where it is missing.
  std::optional<std::size_t> find_group(const Override& given, const KeyForm& form) {
    const std::vector<std::size_t> groups = groups_named(given.group);
    if (form.repeatable) return find_repeated(given, groups);
    if (!given.place.empty()) {
      problems_.add("{}: &{} is not repeated: must be {}.{}", given.option, given.group,
                    given.group, given.key);
      return {};
    }
    if (!groups.empty()) return groups.front();
    namelist_.groups.push_back({given.group, line_, {}});
    return namelist_.groups.size() - 1;
  }

  std::optional<std::size_t> find_repeated(const Override& given,
                                           const std::vector<std::size_t>& groups) {
    if (groups.empty()) {
      problems_.add("{}: the namelist has no &{}", given.option, given.group);
      return {};
    }
    if (given.place.empty()) {
      if (groups.size() == 1) return groups.front();
      problems_.add("{}: there are {} &{}: must be {}(name).{} or {}(number).{}{}", given.option,
                    groups.size(), given.group, given.group, given.key, given.group, given.key,
                    list_of(groups));
      return {};
    }
    if (const auto number = as_integer({given.place})) {
      if (*number >= 1 && *number <= std::ssize(groups))
        return groups[static_cast<std::size_t>(*number - 1)];
      problems_.add("{}: &{} number {}: must be 1 to {}", given.option, given.group, *number,
                    groups.size());
      return {};
    }
    return find_by_name(given, groups);
  }

  std::optional<std::size_t> find_by_name(const Override& given,
                                          const std::vector<std::size_t>& groups) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < groups.size(); ++i)
      if (std::ranges::count(names_at(groups, i), given.place) > 0) found.push_back(groups[i]);
    if (found.size() == 1) return found.front();
    if (found.empty())
      problems_.add("{}: no &{} is called '{}'{}", given.option, given.group, given.place,
                    did_you_mean(given.place, all_names(groups)));
    else
      problems_.add("{}: {} &{} are called '{}'{}", given.option, found.size(), given.group,
                    given.place, list_of(groups));
    return {};
  }

  /// The names of the i-th of some groups, as the namelist has them before anything is set.
  std::vector<std::string> names_at(const std::vector<std::size_t>& groups, std::size_t i) const {
    return names_of(as_written_.groups[groups[i]], i);
  }

  std::vector<std::string> all_names(const std::vector<std::size_t>& groups) const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < groups.size(); ++i)
      for (const std::string& name : names_at(groups, i)) names.push_back(name);
    return names;
  }

  /// "; they are 1: albedo, 2: thermal_conductivity(upper)".
  std::string list_of(const std::vector<std::size_t>& groups) const {
    std::vector<std::string> list;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const std::vector<std::string> names = names_at(groups, i);
      list.push_back(fmt::format("{}: {}", i + 1, names.empty() ? "(no name)" : names.back()));
    }
    return fmt::format("; they are {}", fmt::join(list, ", "));
  }

  void assign(Set set) {
    const NamelistAssignment& assignment = set.assignment;
    const auto same_element = [&](const NamelistAssignment& other) {
      const bool elements = assignment.indexed && other.indexed;
      return assignment.key == other.key && (!elements || assignment.first == other.first);
    };
    for (const Set& before : set_)
      if (before.group == set.group && same_element(before.assignment)) {
        problems_.add("{}: set twice, first by {}", position_of(namelist_.file, assignment.line),
                      position_of(namelist_.file, before.assignment.line));
        return;
      }
    std::vector<NamelistAssignment>& assignments = namelist_.groups[set.group].assignments;
    if (!assignment.indexed)
      std::erase_if(assignments, [&](const auto& one) { return one.key == assignment.key; });
    assignments.push_back(assignment);
    set_.push_back(std::move(set));
  }

  /// " key = value" of everything set in a group.
  std::string text_of_set(std::size_t group) const {
    std::string text;
    for (const Set& one : set_)
      if (one.group == group) text += " " + one.text;
    return text;
  }

  /// What is set comes before the end of the group; what it replaces is taken away.
  void edit(const NamelistGroup& group, std::size_t number) {
    for (const NamelistAssignment& written : group.assignments)
      for (const Set& one : set_)
        if (one.group == number && !one.assignment.indexed && one.assignment.key == written.key)
          edits_.push_back({written.begin, written.end, ""});
    const std::string text = text_of_set(number);
    if (!text.empty()) edits_.push_back({group.end, group.end, text + " "});
  }

  Namelist& namelist_;
  const Namelist as_written_;
  Problems& problems_;
  std::vector<Set> set_;
  std::vector<Edit> edits_;
  int line_ = first_option_line - 1; ///< of the option, for messages
};

} // namespace

std::string override_settings(const std::vector<std::string>& overrides, Namelist& namelist,
                              std::string text, Problems& problems) {
  if (overrides.empty()) return text;
  Overrider overrider(namelist, problems);
  for (const std::string& one : overrides) overrider.apply(one);
  return problems.empty() ? overrider.edited(text) : text;
}

} // namespace glebe
