// SPDX-License-Identifier: BSD-3-Clause
// What PETSc declares differently in its releases from 3.18 to 3.25. No other file asks which one
// it is.
#pragma once

#include <petscmat.h>
#include <petsctao.h>

namespace glebe {

/// The specific text of an error, of PetscErrorMessage().
#if PETSC_VERSION_LT(3, 25, 0)
using PetscErrorText = char*;
#else
using PetscErrorText = const char*;
#endif

/// The function of an operation, for MatShellSetOperation().
#if PETSC_VERSION_LT(3, 24, 0)
using MatShellFunction = void (*)();
#else
using MatShellFunction = PetscErrorCodeFn*;
#endif

/// Gives a shell matrix its context, which it deletes at its end. Not collective.
template <class Context>
PetscErrorCode set_owned_context(Mat shell, Context* context) {
  const PetscErrorCode code = MatShellSetContext(shell, context);
  if (code != 0) return code;
#if PETSC_VERSION_LT(3, 23, 0)
  return MatShellSetContextDestroy(shell, [](void* owned) -> PetscErrorCode {
    delete static_cast<Context*>(owned);
    return {};
  });
#else
#if PETSC_VERSION_LT(3, 25, 0)
  using ContextPlace = void**; // of the context
#else
  using ContextPlace = void*; // the same, of another type
#endif
  return MatShellSetContextDestroy(shell, [](ContextPlace place) -> PetscErrorCode {
    auto& owned = *static_cast<Context**>(static_cast<void*>(place));
    delete owned;
    owned = nullptr;
    return {};
  });
#endif
}

/// Lets TAO call a function after every iteration. Not collective.
inline PetscErrorCode set_tao_monitor(Tao tao, PetscErrorCode (*monitor)(Tao, void*),
                                      void* context) {
#if PETSC_VERSION_LT(3, 21, 0)
  return TaoSetMonitor(tao, monitor, context, nullptr);
#else
  return TaoMonitorSet(tao, monitor, context, nullptr);
#endif
}

} // namespace glebe
