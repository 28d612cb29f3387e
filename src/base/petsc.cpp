// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/petsc.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/petsc_versions.hpp"

#include <cstdlib>
#include <dlfcn.h>
#include <string_view>

namespace glebe {

void check_petsc(PetscErrorCode code, const char* call) {
  if (code == 0) return;
  const char* text = nullptr;
  PetscErrorText specific = nullptr;
  PetscErrorMessage(code, &text, &specific);
  throw RunError(fmt::format("PETSc: {}: {} (in {})", text ? text : "unknown error",
                             specific ? specific : "", call));
}

// Threads of a BLAS would use the cores of other ranks, and their number would change the order of
// sums. These are the functions of the libraries that have threads.
static void use_one_thread_of_blas() {
  for (const char* name :
       {"openblas_set_num_threads", "MKL_Set_Num_Threads", "bli_thread_set_num_threads"})
    if (void* const set_threads = dlsym(RTLD_DEFAULT, name))
      reinterpret_cast<void (*)(long)>(set_threads)(1);
}

// HDF5 locks every file that it opens, which several file systems refuse. An input may be read
// while others read it, and an output has a name of its own until it is complete.
static void use_no_locks_of_files() {
  constexpr int keep_the_users = 0;
  ::setenv("HDF5_USE_FILE_LOCKING", "FALSE", keep_the_users);
}

PetscSession::PetscSession(int* argc, char*** argv) {
  use_no_locks_of_files();
  // Glebe handles --help and -h; PETSc would print pages of its own options.
  const bool own_help = *argc > 1 && (std::string_view((*argv)[1]) == "--help" ||
                                      std::string_view((*argv)[1]) == "-h");
  if (own_help)
    GLEBE_PETSC(PetscInitializeNoArguments());
  else
    GLEBE_PETSC(PetscInitialize(argc, argv, nullptr, nullptr));
  // PETSc returns errors as codes, and does not handle signals.
  GLEBE_PETSC(PetscPushErrorHandler(PetscReturnErrorHandler, nullptr));
  GLEBE_PETSC(PetscPopSignalHandler());
  use_one_thread_of_blas();
  prepare_ending();
}

// Options that nothing has used are told by main(). From 3.25 on PETSc itself complains of them
// when it ends, and takes the words of the program's own for some.
static void keep_quiet_of_unused_options() {
  PetscBool asked_for = PETSC_FALSE;
  static_cast<void>(PetscOptionsHasName(nullptr, nullptr, "-options_left", &asked_for));
  if (!asked_for) static_cast<void>(PetscOptionsSetValue(nullptr, "-options_left", "no"));
}

PetscSession::~PetscSession() {
  keep_quiet_of_unused_options();
  static_cast<void>(PetscFinalize());
}

void DefaultOptions::add(
    std::initializer_list<std::pair<const char*, const char*>> options_and_values) {
  for (const auto& [option, value] : options_and_values) {
    PetscBool given = PETSC_FALSE;
    GLEBE_PETSC(PetscOptionsHasName(nullptr, nullptr, option, &given));
    if (given) continue;
    GLEBE_PETSC(PetscOptionsSetValue(nullptr, option, value));
    set_.push_back(option);
  }
}

DefaultOptions::~DefaultOptions() {
  for (const char* option : set_) static_cast<void>(PetscOptionsClearValue(nullptr, option));
}

Vector make_vector(MPI_Comm comm, PetscInt n_local) {
  Vector vector;
  GLEBE_PETSC(VecCreate(comm, vector.address()));
  GLEBE_PETSC(VecSetSizes(vector.handle(), n_local, PETSC_DETERMINE));
  GLEBE_PETSC(VecSetType(vector.handle(), VECSTANDARD));
  GLEBE_PETSC(VecSet(vector.handle(), 0.0));
  return vector;
}

void assemble(Mat matrix) {
  GLEBE_PETSC(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY));
  GLEBE_PETSC(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY));
}

ReadArray::ReadArray(Vec vector) : vector_(vector) {
  GLEBE_PETSC(VecGetArrayRead(vector_, &values_));
}
ReadArray::~ReadArray() { static_cast<void>(VecRestoreArrayRead(vector_, &values_)); }

WriteArray::WriteArray(Vec vector) : vector_(vector) {
  GLEBE_PETSC(VecGetArray(vector_, &values_));
}
WriteArray::~WriteArray() { static_cast<void>(VecRestoreArray(vector_, &values_)); }

} // namespace glebe
