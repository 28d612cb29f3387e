// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/error.hpp"
#include "glebe/base/petsc.hpp"
#include "glebe/physics/real.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "bench.hpp"

namespace glebe::bench {

void Report::add(const std::string& benchmark, const Figures& figures) {
  const Ranks ranks;
  if (!ranks.is_root()) return;
  Figures all = figures;
  const auto complete = [&](const char* name, double value) {
    const auto same = [&](const auto& figure) { return figure.first == name; };
    if (std::none_of(all.begin(), all.end(), same)) all.emplace_back(name, value);
  };
  complete("lanes", double(Lanes::size()));
  complete("ranks", double(ranks.size()));
  std::string line = fmt::format("{{\"benchmark\": \"{}\"", benchmark);
  for (const auto& [name, value] : all)
    line += std::isfinite(value) ? fmt::format(", \"{}\": {:.6g}", name, value)
                                 : fmt::format(", \"{}\": null", name);
  std::puts((line + '}').c_str());
  std::fflush(stdout);
}

double median(std::vector<double> values) {
  if (values.empty()) return std::nan("");
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

void add_spread(Figures& figures, const std::string& name, std::vector<double> values) {
  if (values.empty()) values.push_back(std::nan(""));
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  figures.emplace_back(name + "_min", *least);
  figures.emplace_back(name + "_median", median(values));
  figures.emplace_back(name + "_max", *greatest);
}

std::int64_t option(const char* name, std::int64_t otherwise) {
  auto value = static_cast<PetscInt>(otherwise);
  GLEBE_PETSC(PetscOptionsGetInt(nullptr, nullptr, name, &value, nullptr));
  if (value < 1) throw InputError(fmt::format("{} {}: must be 1 or more", name, value));
  return value;
}

std::string option(const char* name, const std::string& otherwise) {
  std::array<char, 4096> text{};
  PetscBool given = PETSC_FALSE;
  GLEBE_PETSC(PetscOptionsGetString(nullptr, nullptr, name, text.data(), text.size(), &given));
  return given ? text.data() : otherwise;
}

TemporaryFolder::TemporaryFolder(const Ranks& ranks) : ranks_(ranks) {
  std::string name;
  agree_on_failure(ranks, [&] {
    if (!ranks.is_root()) return;
    const std::string parent =
        option("-bench_folder", std::filesystem::temp_directory_path().string());
    name = parent + "/glebe_bench-XXXXXX";
    if (!mkdtemp(name.data()))
      throw RunError(fmt::format("{}: no folder can be made there; see -bench_folder", parent));
  });
  path_ = ranks.broadcast_from_root(name);
}

TemporaryFolder::~TemporaryFolder() {
  // No rank may still be using a file; and nothing may be thrown from here.
  MPI_Barrier(ranks_.comm());
  std::error_code ignored;
  if (ranks_.is_root()) std::filesystem::remove_all(path_, ignored);
}

} // namespace glebe::bench
