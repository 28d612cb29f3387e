// SPDX-License-Identifier: BSD-3-Clause
// Unlimited dimensions of outputs, and variables of texts.
#include "glebe/data/netcdf_file.hpp"

#include <algorithm>

#include "netcdf_call.hpp"

namespace glebe {

void NetcdfFile::define_record_dimension(const std::string& name, std::size_t length) {
  if (dimension_length(name)) return define_dimension(name, length);
  if (length == 0)
    throw RunError(fmt::format("{}: dimension '{}' has no length", path_.string(), name));
  int id = 0;
  check_output(nc_def_dim(id_, name.c_str(), NC_UNLIMITED, &id), path_.string());
  record_lengths_[name] = length;
}

// The library's own chunks have one record each, which makes a series of a site as many chunks as
// it has values. These have about a megabyte: whole records, as many as fit, or a part of a large
// one.
void NetcdfFile::store_in_chunks(const std::string& name) {
  Extent chunk = variable(name).shape();
  std::size_t left = values_per_chunk;
  for (std::size_t d = chunk.size(); d-- > 0;) {
    chunk[d] = std::clamp<std::size_t>(left, 1, chunk[d]);
    left /= chunk[d];
  }
  check_output(nc_def_var_chunking(id_, variable_id(name), NC_CHUNKED, chunk.data()), where(name));
}

void NetcdfFile::define_texts(const std::string& name, const std::string& dimension,
                              const std::vector<std::string>& texts) {
  std::size_t longest = 1;
  for (const std::string& text : texts) longest = std::max(longest, text.size());
  const std::string characters = length_dimension(name);
  define_dimension(characters, longest);
  define_variable(name, Type::character, {dimension, characters});
  put_attribute(name, "_Encoding", std::string_view("utf-8"));
}

void NetcdfFile::write_texts(const std::string& name, const std::vector<std::string>& texts) {
  if (is_trial()) return;
  Extent count = variable(name).shape();
  const std::size_t length = count.back();
  std::string characters;
  for (std::string text : texts) {
    text.resize(length, '\0');
    characters += text;
  }
  // The root writes them all; the others take part in the collective call with nothing.
  if (!ranks_.is_root()) {
    std::fill(count.begin(), count.end(), 0);
    characters.clear();
  }
  const int target = variable_id(name);
  agree_on_failure(ranks_, [&] { use_collectively(target); });
  const int status = put(Extent(count.size(), 0), count, std::as_bytes(std::span(characters)), 1,
                         [&](const Extent& first, const Extent& lengths, const void* data) {
                           return nc_put_vara_text(id_, target, first.data(), lengths.data(),
                                                   static_cast<const char*>(data));
                         });
  check_written(status, where(name));
}

} // namespace glebe
