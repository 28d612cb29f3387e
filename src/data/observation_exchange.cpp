// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/data/observation_exchange.hpp"

#include <algorithm>

namespace glebe {

namespace {

// The active columns [begin, end) of a rank.
struct ColumnRange {
  std::size_t begin, end;
  std::size_t size() const { return end > begin ? end - begin : 0; }
};

ColumnRange overlap(const ColumnRange& a, const ColumnRange& b) {
  return {std::max(a.begin, b.begin), std::min(a.end, b.end)};
}

// The ranges of all ranks.
std::vector<ColumnRange> ranges_of(const Ranks& ranks, const Columns& columns) {
  const std::vector<double> bounds =
      ranks.all_gather({static_cast<double>(columns.first()),
                        static_cast<double>(columns.first() + columns.n_local())});
  std::vector<ColumnRange> parts;
  for (std::size_t r = 0; r < bounds.size(); r += 2)
    parts.push_back({static_cast<std::size_t>(bounds[r]), static_cast<std::size_t>(bounds[r + 1])});
  return parts;
}

// Counts and displacements of the values, `per_column` for each column, that are exchanged with
// every rank.
struct Counts {
  std::vector<int> counts, displacements;
};

Counts counts_with(const ColumnRange& own, const std::vector<ColumnRange>& others,
                   std::size_t per_column) {
  Counts result;
  std::size_t sum = 0;
  for (const ColumnRange& other : others) {
    result.displacements.push_back(mpi_count(sum));
    result.counts.push_back(mpi_count(overlap(own, other).size() * per_column));
    sum += overlap(own, other).size() * per_column;
  }
  return result;
}

} // namespace

Observations exchange_columns(const Ranks& ranks, Observations observations, const Columns& from,
                              const Columns& to) {
  const std::vector<ColumnRange> before = ranges_of(ranks, from), after = ranges_of(ranks, to);
  const auto rank = static_cast<std::size_t>(ranks.rank());
  const ColumnRange own_before = before[rank], own_after = after[rank];
  Observations result;
  result.lanes = observations.lanes;
  result.schedules = observations.schedules;
  for (const Stream& stream : observations.streams) {
    result.streams.push_back(stream.without_values());
    result.streams.back().allocate(to.n_local(), result.lanes);
  }
  // Some records of a stream at a time, to limit the size of messages; each value is followed by
  // its inverse sigma.
  constexpr std::size_t values_at_a_time = std::size_t{1} << 24;
  const std::size_t max_columns = static_cast<std::size_t>(ranks.max(
      static_cast<std::int64_t>(std::max({own_before.size(), own_after.size(), std::size_t{1}}))));
  for (std::size_t s = 0; s < result.streams.size(); ++s) {
    const Stream& source = observations.streams[s];
    Stream& target = result.streams[s];
    const std::size_t n_time = source.times.size();
    const std::size_t at_a_time = std::max<std::size_t>(1, values_at_a_time / max_columns);
    for (std::size_t first = 0; first < n_time; first += at_a_time) {
      const std::size_t n = std::min(at_a_time, n_time - first);
      const Counts sent = counts_with(own_before, after, 2 * n);
      const Counts received = counts_with(own_after, before, 2 * n);
      std::vector<double> out(own_before.size() * 2 * n), in(own_after.size() * 2 * n);
      for (std::size_t c = 0; c < own_before.size(); ++c)
        for (std::size_t k = 0; k < n; ++k) {
          const std::size_t position = observations.position(s, c, first + k);
          out[(c * n + k) * 2] = source.value[position];
          out[(c * n + k) * 2 + 1] = double(source.inverse_sigma[position]);
        }
      check_mpi(MPI_Alltoallv(out.data(), sent.counts.data(), sent.displacements.data(), MPI_DOUBLE,
                              in.data(), received.counts.data(), received.displacements.data(),
                              MPI_DOUBLE, ranks.comm()),
                "MPI_Alltoallv");
      for (std::size_t c = 0; c < own_after.size(); ++c)
        for (std::size_t k = 0; k < n; ++k) {
          const std::size_t position = result.position(s, c, first + k);
          target.value[position] = in[(c * n + k) * 2];
          target.inverse_sigma[position] = static_cast<float>(in[(c * n + k) * 2 + 1]);
        }
    }
  }
  return result;
}

} // namespace glebe
