# SPDX-License-Identifier: BSD-3-Clause
# Stops, and says what to do, if the PETSc that was found cannot serve: better here than in the
# middle of a build. It is to be found by pkg-config, or by PETSC_DIR and PETSC_ARCH.
set(petsc_hint "Set PETSC_DIR (and PETSC_ARCH, if it was not installed) to another PETSc, and begin \
with an empty build folder.")
set(petsc_newest_tested 3.25)

if(PETSC_VERSION VERSION_LESS 3.18)
  message(FATAL_ERROR
    "PETSc ${PETSC_VERSION} in ${PETSC_PREFIX}: 3.18 or later is needed. ${petsc_hint}")
endif()
string(REGEX MATCH "^[0-9]+\\.[0-9]+" petsc_release "${PETSC_VERSION}")
if(petsc_release VERSION_GREATER petsc_newest_tested)
  message(WARNING "PETSc ${PETSC_VERSION} is newer than all that were tried (3.18 to "
    "${petsc_newest_tested}). What PETSc has changed since is to be added to "
    "include/glebe/base/petsc_versions.hpp.")
endif()

find_file(PETSC_CONFIGURATION petscconf.h HINTS ${PETSC_INCLUDE_DIRS} ${PETSC_INCLUDEDIR} REQUIRED)
file(STRINGS ${PETSC_CONFIGURATION} petsc_configuration REGEX "^#define PETSC_")
set(petsc_lacks "")
if(NOT "#define PETSC_USE_REAL_DOUBLE 1" IN_LIST petsc_configuration)
  list(APPEND petsc_lacks "real numbers in double precision (--with-precision=double)")
endif()
if("#define PETSC_USE_COMPLEX 1" IN_LIST petsc_configuration)
  list(APPEND petsc_lacks "real scalars (--with-scalar-type=real)")
endif()
if("#define PETSC_HAVE_MPIUNI 1" IN_LIST petsc_configuration)
  list(APPEND petsc_lacks "a real MPI in place of its own stand-in (--with-mpi-dir=...)")
endif()
if(petsc_lacks)
  list(JOIN petsc_lacks "; " petsc_lacks)
  message(FATAL_ERROR "PETSc ${PETSC_VERSION} in ${PETSC_PREFIX} lacks: ${petsc_lacks}. "
    "${petsc_hint}")
endif()
set(petsc_mumps "PETSc has no MUMPS (--download-mumps): standard deviations of fields that couple \
many columns will be estimated from samples")
set(petsc_has_mumps ON)
if(NOT "#define PETSC_HAVE_MUMPS 1" IN_LIST petsc_configuration)
  set(petsc_has_mumps OFF)
  if(GLEBE_REQUIRE_MUMPS)
    message(FATAL_ERROR "${petsc_mumps}. GLEBE_REQUIRE_MUMPS=OFF accepts that. ${petsc_hint}")
  endif()
  message(STATUS "${petsc_mumps}")
endif()
