// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/case/provenance.hpp"

#include "glebe/app/case/commit.hpp"
#include "glebe/base/petsc.hpp"
#include "glebe/base/text.hpp"
#include "glebe/simulation/lane_width.hpp"
#include "glebe/version.hpp"

#include <fmt/chrono.h>
#include <fmt/ranges.h>
#include <hdf5.h>
#include <netcdf.h>

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>

#ifdef GLEBE_LIBDEFLATE
#include <libdeflate.h>
#endif

namespace glebe {

namespace {

struct Library {
  const char* name;
  std::string version;
};

std::string version_of_petsc() {
  PetscInt major = 0, minor = 0, patch = 0, release = 0;
  GLEBE_PETSC(PetscGetVersionNumber(&major, &minor, &patch, &release));
  return fmt::format("{}.{}.{}{}", major, minor, patch, release == 0 ? "-dev" : "");
}

// The first line of what the library says, which may be a page, with single blanks.
std::string version_of_mpi() {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
  int length = 0;
  check_mpi(MPI_Get_library_version(text.data(), &length), "MPI_Get_library_version");
  std::string line;
  for (const char c : std::string_view(text.data())) {
    if (c == '\n') break;
    const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (!blank || (!line.empty() && line.back() != ' ')) line += blank ? ' ' : c;
  }
  return line;
}

std::string version_of_netcdf() {
  const std::string text = nc_inq_libvers(); // "4.9.0 of ..."
  return text.substr(0, text.find(' '));
}

std::string version_of_hdf5() {
  unsigned major = 0, minor = 0, release = 0;
  if (H5get_libversion(&major, &minor, &release) < 0) return "unknown";
  return fmt::format("{}.{}.{}", major, minor, release);
}

std::vector<Library> libraries() {
  return {
      {"PETSc", version_of_petsc()},
      {"MPI", version_of_mpi()},
      {"netCDF", version_of_netcdf()},
      {"HDF5", version_of_hdf5()},
      {"UDUNITS", GLEBE_UDUNITS_VERSION},
      {"fmt",
       fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
      {"Eigen",
       fmt::format("{}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION)},
#ifdef GLEBE_LIBDEFLATE
      {"libdeflate", LIBDEFLATE_VERSION_STRING},
#endif
  };
}

std::string compiler() {
#if defined(__clang__)
  return "Clang " __clang_version__;
#elif defined(__GNUC__)
  return "GCC " __VERSION__;
#else
  return "unknown";
#endif
}

// The level that the compiler was allowed to use, which -march=native does not tell.
constexpr const char* processor_level() {
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512CD__) &&                      \
    defined(__AVX512DQ__) && defined(__AVX512VL__)
  return "x86-64-v4";
#elif defined(__AVX2__) && defined(__FMA__) && defined(__BMI2__)
  return "x86-64-v3";
#elif defined(__SSE4_2__) && defined(__POPCNT__)
  return "x86-64-v2";
#elif defined(__x86_64__)
  return "x86-64";
#elif defined(__aarch64__)
  return "aarch64";
#else
  return "other";
#endif
}

std::string processor() {
  const std::string_view wanted = GLEBE_MARCH;
  return fmt::format("{}{}, {} lanes", processor_level(),
                     wanted.empty() ? "" : fmt::format(" (-march={})", wanted), lane_width());
}

// The words after the namelist, which PETSc has kept, without `--set`, which it was not given.
std::vector<std::string> words_for_petsc() {
  int count = 0;
  char** words = nullptr;
  GLEBE_PETSC(PetscGetArgs(&count, &words));
  constexpr int program_and_namelist = 2;
  if (count <= program_and_namelist) return {};
  return {words + program_and_namelist, words + count};
}

std::string command_line(const Settings& settings) {
  std::string line = "glebe " + in_shell(settings.file);
  for (const std::string& one : settings.overrides) line += " --set " + in_shell(one);
  for (const std::string& word : words_for_petsc()) line += ' ' + in_shell(word);
  return line;
}

// Those of the command line, of PETSC_OPTIONS and of files, as PETSc has put them together.
std::string options_of_petsc() {
  char* text = nullptr;
  GLEBE_PETSC(PetscOptionsGetAll(nullptr, &text));
  std::string options = text ? text : "";
  GLEBE_PETSC(PetscFree(text));
  options.erase(options.find_last_not_of(' ') + 1);
  return options;
}

std::string now_utc() {
  const std::time_t now = std::time(nullptr);
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
}

} // namespace

std::string version_in_lines() {
  const auto line = [](std::string_view name, std::string_view text) {
    return fmt::format("{:<11}{}\n", name, text);
  };
  std::string text = fmt::format("glebe {}\n", version) + line("commit", commit);
  for (const Library& library : libraries()) text += line(library.name, library.version);
  return text + line("compiler", compiler()) + line("processor", processor());
}

void describe_provenance(OutputFile& file, const Ranks& ranks, const Settings& settings) {
  std::vector<std::string> with_versions;
  for (const Library& library : libraries())
    with_versions.push_back(fmt::format("{} {}", library.name, library.version));
  file.attribute("", "source", fmt::format("Glebe {} (commit {})", version, commit));
  file.attribute("", "glebe_version", version);
  file.attribute("", "glebe_commit", commit);
  file.attribute("", "libraries", fmt::format("{}", fmt::join(with_versions, "; ")));
  file.attribute("", "compiler", fmt::format("{}; {}", compiler(), processor()));
  const std::string history = fmt::format("{} {} # {} {}", now_utc(), command_line(settings),
                                          ranks.size(), ranks.size() == 1 ? "rank" : "ranks");
  file.attribute("", "history", ranks.broadcast_from_root(history));
  const std::string options = ranks.broadcast_from_root(options_of_petsc());
  if (!options.empty()) file.attribute("", "petsc_options", options);
}

} // namespace glebe
