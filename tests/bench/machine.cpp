// SPDX-License-Identifier: BSD-3-Clause
// The machine under the model: multiply-adds in registers, a <- b + s c in the caches and in
// memory, and the reductions that column_newton makes over ranks. All ranks measure at once, as
// they compute at once.
#include "glebe/physics/real.hpp"

#include <algorithm>

#include "bench.hpp"

namespace glebe::bench {

namespace {

constexpr double kib = 1024.0, mib = 1024.0 * kib;

// Bytes per second of one rank for three arrays of `bytes` together; two are read, one written.
double bandwidth(const Ranks& ranks, double bytes) {
  constexpr double bytes_moved = 4e9;
  const auto n = static_cast<std::size_t>(bytes / 3.0 / sizeof(double)) / Lanes::size();
  const auto rounds = static_cast<std::size_t>(std::max(2.0, bytes_moved / bytes));
  std::vector<Lanes> a(n, Lanes(0.0)), b(n, Lanes(1.0)), c(n, Lanes(2.0));
  const Lanes s(0.5);
  const double seconds = time(ranks, [&] {
    for (std::size_t round = 0; round < rounds; ++round) {
      for (std::size_t i = 0; i < n; ++i) a[i] = b[i] + s * c[i];
      keep(a[round % n][0]); // so that no round is left out
    }
  });
  return 3.0 * double(n * rounds * sizeof(Lanes)) / seconds;
}

double seconds_of_reduction(const Ranks& ranks) {
  constexpr int n = 20'000;
  double sum = 0.0;
  const double seconds = time(ranks, [&] {
    for (int i = 0; i < n; ++i) sum = 0.5 * ranks.sum(sum + 1.0);
  });
  keep(sum);
  return seconds / n;
}

} // namespace

void machine(Report& report) {
  const Ranks ranks;
  // For each cache three arrays that fill half of it in most processors of today.
  std::vector<double> peak, level_1, level_2, memory, reduction;
  for (std::int64_t n = option("-bench_repetitions", 5); n > 0; --n) {
    peak.push_back(ranks.sum(peak_flops()) / ranks.size() / 1e9);
    level_1.push_back(bandwidth(ranks, 18 * kib) / 1e9);
    level_2.push_back(bandwidth(ranks, 768 * kib) / 1e9);
    memory.push_back(bandwidth(ranks, 768 * mib) / 1e9);
    reduction.push_back(1e6 * seconds_of_reduction(ranks));
  }
  Figures figures;
  add_spread(figures, "peak_gflops_per_core", peak);
  add_spread(figures, "level_1_gb_per_s_per_core", level_1);
  add_spread(figures, "level_2_gb_per_s_per_core", level_2);
  add_spread(figures, "memory_gb_per_s_per_core", memory);
  add_spread(figures, "reduction_us", reduction);
  report.add("machine", figures);
}

} // namespace glebe::bench
