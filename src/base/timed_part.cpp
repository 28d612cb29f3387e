// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/timed_part.hpp"

#include "glebe/base/petsc.hpp"
#include "glebe/base/wall_time.hpp"

#include <exception>
#include <optional>

namespace glebe {

namespace {

// Global for the process, like PETSc's stages.
std::array<double, part_names.size()> seconds{};
TimedPart* current = nullptr;
std::optional<Part> left_by_exception;

// PETSc's numbers of the stages, registered at first use; null before PetscInitialize.
const std::array<PetscLogStage, part_names.size()>* petsc_stages() {
  static std::array<PetscLogStage, part_names.size()> stages{};
  static bool registered = false;
  PetscBool initialised = PETSC_FALSE;
  PetscInitialized(&initialised);
  if (!initialised) return nullptr;
  for (std::size_t i = 0; !registered && i < stages.size(); ++i)
    GLEBE_PETSC(PetscLogStageRegister(part_names[i], &stages[i]));
  registered = true;
  return &stages;
}

std::size_t index(Part part) { return static_cast<std::size_t>(part); }

} // namespace

TimedPart::TimedPart(Part part) : outer_(current), part_(part), since_(wall_time()) {
  left_by_exception.reset();
  if (outer_) seconds[index(outer_->part_)] += since_ - outer_->since_;
  current = this;
  if (const auto* stages = petsc_stages()) GLEBE_PETSC(PetscLogStagePush((*stages)[index(part)]));
}

TimedPart::~TimedPart() {
  if (std::uncaught_exceptions() > 0 && !left_by_exception) left_by_exception = part_;
  const double now = wall_time();
  seconds[index(part_)] += now - since_;
  current = outer_;
  if (outer_) outer_->since_ = now;
  if (petsc_stages()) static_cast<void>(PetscLogStagePop());
}

double seconds_of(Part part) { return seconds[index(part)]; }

Part part_of_failure() {
  if (left_by_exception) return *left_by_exception;
  return current ? current->part_ : Part::read;
}

} // namespace glebe
