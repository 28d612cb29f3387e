// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/text.hpp"
#include "glebe/data/netcdf_file.hpp"
#include "glebe/data/units.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <type_traits>

#include "netcdf_call.hpp"
#include "packing.hpp"
#include "read_handle.hpp"

namespace glebe {

// Values are unpacked and converted so many at a time, which stay in the nearest cache.
constexpr std::size_t values_at_a_time = 1024;

template <class Value>
std::vector<Value> NetcdfFile::read_as(const std::string& name, const Extent& start,
                                       const Extent& count, const UnitConverter* convert) const {
  int id = 0;
  std::optional<Packing> packing;
  agree_on_failure(ranks_, [&] {
    const VariableInfo info = variable(name);
    if (info.is_text()) throw InputError(where(name) + ": holds text, numbers are needed");
    if (!is_inside(info, start, count))
      throw InputError(fmt::format("{}: the part from ({}) of size ({}) is not inside its shape "
                                   "({})",
                                   where(name), fmt::join(start, ", "), fmt::join(count, ", "),
                                   fmt::join(info.shape(), ", ")));
    id = variable_id(name);
    packing = answer(input_.get(), &Answers::packing, name, [&] { return Packing(*this, info); });
    use_collectively(id);
  });
  const std::size_t n = volume(count);
  const Extent origin = n == 0 ? Extent(start.size(), 0) : start;
  const auto read_stored = [&](void* stored) {
    agree_on_failure(ranks_, [&] {
      if (read_chunks(name, origin, count, stored)) return;
      check_input(nc_get_vara(ncid(), id, origin.data(), count.data(), stored), where(name));
    });
  };
  std::vector<Value> values(n);
  if constexpr (std::is_same_v<Value, float>)
    if (packing->stores_floats() && (!convert || convert->changes_nothing())) {
      read_stored(values.data());
      packing->mark_missing(values);
      return values;
    }
  const auto stored = std::make_unique_for_overwrite<std::byte[]>(n * packing->bytes_of_number());
  read_stored(stored.get());
  std::array<double, values_at_a_time> part;
  for (std::size_t first = 0; first < n; first += part.size()) {
    const std::size_t n_part = std::min(part.size(), n - first);
    packing->unpack(stored.get(), first, n_part, part.data());
    if (convert) convert->convert(std::span(part.data(), n_part));
    for (std::size_t i = 0; i < n_part; ++i) values[first + i] = static_cast<Value>(part[i]);
  }
  return values;
}

template std::vector<float> NetcdfFile::read_as(const std::string&, const Extent&, const Extent&,
                                                const UnitConverter*) const;
template std::vector<double> NetcdfFile::read_as(const std::string&, const Extent&, const Extent&,
                                                 const UnitConverter*) const;

// A part of a compressed variable, if it is large; otherwise it is left to the library.
bool NetcdfFile::read_chunks(const std::string& name, const Extent& start, const Extent& count,
                             void* values) const {
  constexpr std::size_t large = 4096;
  return input_ && volume(count) >= large && !chunk_lengths(name).empty() &&
         input_->chunks().read(variable(name), start, count, static_cast<std::byte*>(values));
}

std::vector<double> NetcdfFile::read(const std::string& name, const Extent& start,
                                     const Extent& count) const {
  return read_as<double>(name, start, count, nullptr);
}

std::vector<double> NetcdfFile::read_all(const std::string& name) const {
  const Extent shape = variable(name).shape();
  return read(name, Extent(shape.size(), 0), shape);
}

std::vector<std::string> NetcdfFile::read_texts(const std::string& name) const {
  std::vector<std::string> texts;
  // Not a collective read, because HDF5 has none for strings.
  agree_on_failure(ranks_, [&] {
    const VariableInfo info = variable(name);
    const int id = variable_id(name);
    Extent shape = info.shape();
    if (!info.is_text()) throw InputError(where(name) + ": holds numbers, text is needed");
    if (parallel_) check_input(nc_var_par_access(ncid(), id, NC_INDEPENDENT), where(name));
    if (info.type == Type::string) {
      std::vector<char*> strings(volume(shape));
      if (strings.empty()) return;
      check_input(nc_get_var_string(ncid(), id, strings.data()), where(name));
      for (const char* string : strings) texts.push_back(printable(trimmed(string ? string : "")));
      check_input(nc_free_string(strings.size(), strings.data()), where(name));
      return;
    }
    std::string characters(volume(shape), '\0');
    if (characters.empty()) return;
    check_input(nc_get_var_text(ncid(), id, characters.data()), where(name));
    const std::size_t length = shape.empty() ? 1 : shape.back();
    for (std::size_t begin = 0; begin < characters.size(); begin += length) {
      const std::string text = characters.substr(begin, length);
      texts.push_back(printable(trimmed(std::string_view(text).substr(0, text.find('\0')))));
    }
  });
  return texts;
}

void NetcdfFile::use_collectively(int variable) const {
  if (parallel_) check_input(nc_var_par_access(ncid(), variable, NC_COLLECTIVE), path_.string());
}

} // namespace glebe
