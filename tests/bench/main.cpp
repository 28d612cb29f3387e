// SPDX-License-Identifier: BSD-3-Clause
//
// What Glebe achieves on this machine: one JSON object per measurement and line.
//
//   mpirun -n 2 glebe_bench region -bench_columns 128
//
// docs/performance.md says what the figures mean.
#include "glebe/base/error.hpp"
#include "glebe/base/petsc.hpp"
#include "glebe/estimation/search/column_newton.hpp"

#include <algorithm>
#include <cstdio>

#include "bench.hpp"

namespace {

constexpr const char* usage =
    R"(usage: [mpirun -n N] glebe_bench [machine] [kernel] [study] [region] [adjoint] [data]
                                [coupled] [soils] [surfaces] [options]

machine   rates of the processor: multiply-adds, memory, reductions over ranks
kernel    the column kernel beside the processor's own rate of multiply-adds
study     the source paper's case from 50 starts; one column for a year
region    many columns for a year: one pass, the whole solve, methods compared
adjoint   the gradient by the adjoint in forward runs, and from how many directions it is cheaper
data      reading a gridded file, beside what NetCDF and the system need for it
coupled   fields over a grid under a Matern prior: Newton against quasi-Newton
soils     a pass through moist and freezing soil beside the linear column
surfaces  a pass under stability, roughness, leaves and covers beside constant coefficients

Without a name all are run. Options:
  -bench_repetitions N   of every measurement (5)
  -bench_columns N       of region, over all ranks (64)
  -bench_methods LIST    of region, compared (column_newton,bntr,bqnls,blmvm; none: no comparison)
  -bench_soils LIST      of region, besides that of constant properties (moist,freezing; or none)
  -bench_megabytes N     size of a year of data, and a third of its daily files (200)
  -bench_files LIST      of data (plain,plain_daily,compressed,compressed_daily)
  -bench_grid N          of coupled: N x N columns, and a quarter of N (164)
  -bench_folder DIR      for files, shared by all ranks (the system's for temporary files)
  -tao_...               any option of PETSc
)";

struct Benchmark {
  std::string name;
  void (*run)(glebe::bench::Report&);
};

const std::vector<Benchmark> benchmarks{
    {"machine", glebe::bench::machine},  {"kernel", glebe::bench::kernel},
    {"study", glebe::bench::study},      {"region", glebe::bench::region},
    {"adjoint", glebe::bench::adjoint},  {"data", glebe::bench::data},
    {"coupled", glebe::bench::coupled},  {"soils", glebe::bench::soils},
    {"surfaces", glebe::bench::surfaces}};

const std::vector<std::string> options{"-bench_repetitions", "-bench_columns",   "-bench_methods",
                                       "-bench_soils",       "-bench_megabytes", "-bench_files",
                                       "-bench_grid",        "-bench_folder"};

// The benchmarks named in front of the options, or all of them.
std::vector<Benchmark> chosen(const std::vector<std::string>& words) {
  std::vector<std::string> names;
  for (const Benchmark& benchmark : benchmarks) names.push_back(benchmark.name);
  std::vector<Benchmark> result;
  auto word = words.begin();
  for (; word != words.end() && !word->starts_with('-'); ++word) {
    const auto found = std::find(names.begin(), names.end(), *word);
    if (found == names.end())
      throw glebe::InputError(
          fmt::format("no benchmark '{}'{}", *word, glebe::did_you_mean(*word, names)));
    result.push_back(benchmarks[static_cast<std::size_t>(found - names.begin())]);
  }
  for (; word != words.end(); ++word)
    if (word->starts_with("-bench_") &&
        std::find(options.begin(), options.end(), *word) == options.end())
      throw glebe::InputError(
          fmt::format("no option '{}'{}", *word, glebe::did_you_mean(*word, options)));
  return result.empty() ? benchmarks : result;
}

int fail(const glebe::Ranks& ranks, const std::vector<std::string>& messages, int status) {
  if (ranks.is_root())
    for (const std::string& message : messages)
      std::fprintf(stderr, "glebe_bench: error: %s\n", message.c_str());
  return status;
}

} // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const glebe::PetscSession petsc(&argc, &argv);
  const glebe::Ranks ranks;
  try {
    if (!words.empty() && words[0] == "--help") {
      if (ranks.is_root()) std::fputs(usage, stdout);
      return 0;
    }
    glebe::register_column_newton();
    glebe::bench::Report report;
    for (const Benchmark& benchmark : chosen(words)) benchmark.run(report);
    return 0;
  } catch (const glebe::InputError& error) {
    return fail(ranks, error.problems(), 2);
  } catch (const std::exception& error) {
    return fail(ranks, {error.what()}, 1);
  }
}
