// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/ending.hpp"

#include <petscmat.h>
#include <petsctao.h>
#include <petscvec.h>

#include <initializer_list>
#include <utility>
#include <vector>

namespace glebe {

/// Throws RunError with PETSc's text for `code` and the text of the call, unless `code` is zero.
void check_petsc(PetscErrorCode code, const char* call);

/// Checks a PETSc call and throws RunError when it fails.
#define GLEBE_PETSC(call) ::glebe::check_petsc((call), #call)

/// Initialises PETSc (and MPI) for the life of the object. Collective on MPI_COMM_WORLD.
class PetscSession {
public:
  PetscSession(int* argc, char*** argv);
  ~PetscSession();
  PetscSession(const PetscSession&) = delete;
  PetscSession& operator=(const PetscSession&) = delete;
};

/// PETSc options that are set for the life of the object, unless the command line has them.
class DefaultOptions {
public:
  DefaultOptions() = default;
  ~DefaultOptions();
  DefaultOptions(const DefaultOptions&) = delete;
  DefaultOptions& operator=(const DefaultOptions&) = delete;
  /// Each with its leading '-'; the names must be literals.
  void add(std::initializer_list<std::pair<const char*, const char*>> options_and_values);

private:
  std::vector<const char*> set_;
};

/// Move-only owner of a PETSc object; handle() is the raw object. Destruction is collective, and
/// left out on a rank that fails alone.
template <class Handle, PetscErrorCode (*destroy)(Handle*)>
class PetscOwner {
public:
  PetscOwner() = default;
  explicit PetscOwner(Handle handle) : handle_(handle) {}
  PetscOwner(PetscOwner&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  PetscOwner& operator=(PetscOwner&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~PetscOwner() {
    if (handle_ && can_clean_up()) static_cast<void>(destroy(&handle_));
  }
  Handle handle() const { return handle_; }
  /// The address to which a PETSc create function writes the new object; the owner must be empty.
  Handle* address() { return &handle_; }

private:
  Handle handle_ = nullptr;
};

using Vector = PetscOwner<Vec, VecDestroy>;
using Matrix = PetscOwner<Mat, MatDestroy>;
using Optimiser = PetscOwner<Tao, TaoDestroy>;

/// A distributed vector of zeros with `n_local` entries on this rank. Collective.
Vector make_vector(MPI_Comm comm, PetscInt n_local);

/// Ends the setting of values of a matrix. Collective.
void assemble(Mat matrix);

/// The local entries of a vector for reading, for the life of the object. Not collective.
class ReadArray {
public:
  explicit ReadArray(Vec vector);
  ~ReadArray();
  ReadArray(const ReadArray&) = delete;
  ReadArray& operator=(const ReadArray&) = delete;
  double operator[](std::size_t i) const { return values_[i]; }
  const double* data() const { return values_; }

private:
  Vec vector_;
  const PetscScalar* values_ = nullptr;
};

/// The local entries of a vector for writing, for the life of the object. Not collective.
class WriteArray {
public:
  explicit WriteArray(Vec vector);
  ~WriteArray();
  WriteArray(const WriteArray&) = delete;
  WriteArray& operator=(const WriteArray&) = delete;
  double& operator[](std::size_t i) { return values_[i]; }
  double* data() { return values_; }

private:
  Vec vector_;
  PetscScalar* values_ = nullptr;
};

} // namespace glebe
