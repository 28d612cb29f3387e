// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/search/checkpoint.hpp"

#include "glebe/base/error.hpp"
#include "glebe/data/destination.hpp"

#include <petscviewerhdf5.h>

namespace glebe {

namespace {

using Viewer = PetscOwner<PetscViewer, PetscViewerDestroy>;
constexpr const char* dataset = "x";

Viewer open_viewer(const Ranks& ranks, const std::filesystem::path& path, PetscFileMode mode) {
  Viewer viewer;
  GLEBE_PETSC(PetscViewerHDF5Open(ranks.comm(), path.c_str(), mode, viewer.address()));
  return viewer;
}

// A file that is gone when this is: unless it was renamed, it is not complete.
struct Temporary {
  const Ranks& ranks;
  const std::filesystem::path path;
  ~Temporary() {
    std::error_code ignored;
    if (ranks.is_root()) std::filesystem::remove(path, ignored);
  }
};

} // namespace

void write_checkpoint(const Ranks& ranks, const std::filesystem::path& path, Vec x, int iteration,
                      const std::string& signature) {
  const Temporary temporary{ranks, temporary_path(ranks, path)};
  {
    const Viewer viewer = open_viewer(ranks, temporary.path, FILE_MODE_WRITE);
    GLEBE_PETSC(PetscObjectSetName(reinterpret_cast<PetscObject>(x), dataset));
    GLEBE_PETSC(VecView(x, viewer.handle()));
    const PetscInt number = iteration;
    GLEBE_PETSC(
        PetscViewerHDF5WriteAttribute(viewer.handle(), dataset, "iteration", PETSC_INT, &number));
    const char* text = signature.c_str();
    GLEBE_PETSC(PetscViewerHDF5WriteAttribute(viewer.handle(), dataset, "problem", PETSC_STRING,
                                              static_cast<const void*>(text)));
  }
  agree_on_failure(ranks, [&] {
    if (ranks.is_root()) std::filesystem::rename(temporary.path, path);
  });
}

int read_checkpoint(const Ranks& ranks, const std::filesystem::path& path, Vec x,
                    const std::string& signature) {
  agree_on_failure(ranks, [&] {
    if (!std::filesystem::is_regular_file(path))
      throw InputError(fmt::format("{}: no such checkpoint", path.string()));
  });
  try {
    const Viewer viewer = open_viewer(ranks, path, FILE_MODE_READ);
    char* text = nullptr;
    GLEBE_PETSC(PetscViewerHDF5ReadAttribute(viewer.handle(), dataset, "problem", PETSC_STRING,
                                             nullptr, static_cast<void*>(&text)));
    const std::string found(text);
    GLEBE_PETSC(PetscFree(text));
    if (found != signature)
      throw InputError(fmt::format("{}: belongs to another problem ({}); this one is {}",
                                   path.string(), found, signature));
    GLEBE_PETSC(PetscObjectSetName(reinterpret_cast<PetscObject>(x), dataset));
    GLEBE_PETSC(VecLoad(x, viewer.handle()));
    PetscInt iteration = 0;
    GLEBE_PETSC(PetscViewerHDF5ReadAttribute(viewer.handle(), dataset, "iteration", PETSC_INT,
                                             nullptr, &iteration));
    return static_cast<int>(iteration);
  } catch (const RunError& error) {
    throw InputError(fmt::format("{}: not a checkpoint ({})", path.string(), error.what()));
  }
}

} // namespace glebe
