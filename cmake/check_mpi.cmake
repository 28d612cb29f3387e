# SPDX-License-Identifier: BSD-3-Clause
# Stops where PETSc, netCDF, HDF5 and the compiler's MPI are not of one MPI: such a program links with no
# more than a warning, and fails when it runs. Asks the loader, where there is one for these files.
set(mpi_of_libraries "")
set(mpi_found_in "")
foreach(library ${MPI_CXX_LIBRARIES} ${PETSC_LINK_LIBRARIES} ${NETCDF_LINK_LIBRARIES} ${HDF5_C_LIBRARIES})
  if(NOT library MATCHES "^/.*\\.so")
    continue()
  endif()
  execute_process(COMMAND ldd ${library} OUTPUT_VARIABLE loaded ERROR_QUIET)
  string(REGEX MATCHALL "=> [^\n]*/libmpi(ch|_gnu[_0-9]*|_intel[_0-9]*)?\\.so[.0-9]*" needed "${loaded}")
  foreach(one ${needed})
    string(REPLACE "=> " "" one ${one})
    file(REAL_PATH ${one} one)
    if(NOT one IN_LIST mpi_of_libraries)
      list(APPEND mpi_of_libraries ${one})
      list(APPEND mpi_found_in "${one} (of ${library})")
    endif()
  endforeach()
endforeach()
list(LENGTH mpi_of_libraries count)
if(count GREATER 1)
  list(JOIN mpi_found_in "\n  " mpi_found_in)
  message(FATAL_ERROR "The libraries were built with different MPIs:\n  ${mpi_found_in}\n"
    "Choose the compiler's MPI by -DMPI_CXX_COMPILER and -DMPI_C_COMPILER, PETSc by PETSC_DIR, netCDF by "
    "PKG_CONFIG_PATH, HDF5 by HDF5_ROOT, and begin with an empty build folder.")
endif()
