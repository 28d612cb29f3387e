// SPDX-License-Identifier: BSD-3-Clause
// Unlimited dimensions of outputs, and the chunks of what has many values.
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
// it has values, or are so large that ranks write into those of others. These have about a
// megabyte: whole fields, as many as fit, or a part of a large one.
void NetcdfFile::store_in_chunks(const std::string& name) {
  Extent chunk = variable(name).shape();
  std::size_t left = values_per_chunk;
  for (std::size_t d = chunk.size(); d-- > 0;) {
    chunk[d] = std::clamp<std::size_t>(left, 1, chunk[d]);
    left /= chunk[d];
  }
  check_output(nc_def_var_chunking(id_, variable_id(name), NC_CHUNKED, chunk.data()), where(name));
}

} // namespace glebe
