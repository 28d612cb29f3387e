// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/ranks.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace glebe::bench {

/// Seconds that `work` takes.
template <class Work>
double time(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Makes the compiler believe that a value is used.
inline void keep(double value) { asm volatile("" : : "x"(value) : "memory"); }

/// Makes the compiler believe that what `object` points to is read and changed.
inline void touch(void* object) { asm volatile("" : : "r"(object) : "memory"); }

using Figures = std::vector<std::pair<std::string, double>>;

/// Prints the figures of each measurement as one JSON object per line, on the root rank, with the
/// numbers of lanes and ranks.
class Report {
public:
  void add(const std::string& benchmark, const Figures& figures);
};

/// Adds <name>_min, <name>_median and <name>_max of repeated measurements.
void add_spread(Figures& figures, const std::string& name, std::vector<double> values);
double median(std::vector<double> values);

/// Seconds from when all ranks have come to `work` until the last has done it. Collective.
template <class Work>
double time(const Ranks& ranks, Work work) {
  ranks.any(false);
  return ranks.max(time(work));
}

/// Seconds of every repetition of collective work, as often as -bench_repetitions says.
template <class Work>
std::vector<double> times(const Ranks& ranks, Work work);

/// The value of an option of the command line, such as "-bench_columns".
std::int64_t option(const char* name, std::int64_t otherwise);
std::string option(const char* name, const std::string& otherwise);

/// A folder for the files of a benchmark, in -bench_folder or the system's folder for such files,
/// removed in the end. Construction and destruction are collective. Throws RunError.
class TemporaryFolder {
public:
  explicit TemporaryFolder(const Ranks& ranks);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
  const Ranks& ranks_;
  std::filesystem::path path_;
};

/// Multiply-adds in registers on one core [flop s-1].
double peak_flops();

/// The benchmarks; docs/performance.md says what their figures mean. Collective, but for kernel,
/// which every rank runs by itself.
void machine(Report& report);
void kernel(Report& report);
void soils(Report& report);
void surfaces(Report& report);
void study(Report& report);
void region(Report& report);
void adjoint(Report& report);
void data(Report& report);
void coupled(Report& report);

/// The part of study() that fits one column to a year of hours (in region.cpp).
void one_column_year(Report& report);

template <class Work>
std::vector<double> times(const Ranks& ranks, Work work) {
  std::vector<double> seconds;
  for (std::int64_t n = option("-bench_repetitions", 5); n > 0; --n)
    seconds.push_back(time(ranks, work));
  return seconds;
}

} // namespace glebe::bench
