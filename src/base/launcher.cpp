// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/launcher.hpp"

#include "glebe/base/error.hpp"

#include <mpi.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace glebe {

// "Open MPI v4.1.4": the first words of what the library says of itself.
static std::string name_of_mpi() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(text, &length);
  const std::string all(text, static_cast<std::size_t>(length));
  std::string name = all.substr(0, all.find_first_of(",\n"));
  for (char& c : name)
    if (c == '\t') c = ' ';
  return name;
}

void check_launcher(const Ranks& ranks, const Log& log) {
  if (ranks.size() > 1) return;
  // How many processes a launcher has started: mpirun of Open MPI, of MPICH and its relatives,
  // srun.
  for (const char* const name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"}) {
    const char* const text = std::getenv(name);
    if (!text) continue;
    const long started = std::strtol(text, nullptr, 10);
    if (started <= 1) return;
    const std::string what = fmt::format("{} processes were started ({} = {}), but for MPI ({}) "
                                         "this one is alone, and makes the whole "
                                         "run by itself: start it with the mpirun of this MPI",
                                         started, name, text, name_of_mpi());
    if (std::string_view(name).starts_with("SLURM")) return log.warning("{}", what);
    throw InputError(fmt::format("{}; to make separate runs on purpose, unset {}", what, name));
  }
}

} // namespace glebe
