// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/stages.hpp"

#include "glebe/base/petsc.hpp"

#include <mpi.h>

namespace glebe {

namespace {

// One process, one clock: like PETSc's stages, these are global.
std::array<double, stage_names.size()> seconds{};
StageTimer* current = nullptr;

// PETSc's numbers of the stages, registered at first use; none before PetscInitialize.
const std::array<PetscLogStage, stage_names.size()>* petsc_stages() {
  static std::array<PetscLogStage, stage_names.size()> stages{};
  static bool registered = false;
  PetscBool initialised = PETSC_FALSE;
  PetscInitialized(&initialised);
  if (!initialised) return nullptr;
  for (std::size_t i = 0; !registered && i < stages.size(); ++i)
    GLEBE_PETSC(PetscLogStageRegister(stage_names[i], &stages[i]));
  registered = true;
  return &stages;
}

std::size_t index(Stage stage) { return static_cast<std::size_t>(stage); }

} // namespace

StageTimer::StageTimer(Stage stage) : outer_(current), stage_(stage), since_(MPI_Wtime()) {
  if (outer_) seconds[index(outer_->stage_)] += since_ - outer_->since_;
  current = this;
  if (const auto* stages = petsc_stages()) GLEBE_PETSC(PetscLogStagePush((*stages)[index(stage)]));
}

StageTimer::~StageTimer() {
  const double now = MPI_Wtime();
  seconds[index(stage_)] += now - since_;
  current = outer_;
  if (outer_) outer_->since_ = now;
  if (petsc_stages()) static_cast<void>(PetscLogStagePop());
}

double stage_seconds(Stage stage) { return seconds[index(stage)]; }

} // namespace glebe
