# SPDX-License-Identifier: BSD-3-Clause
# Installs the library for other programs: headers, what find_package(glebe) reads, glebe.pc. The
# files name one another by relative paths, so that the folder may be moved.
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/glebe)

# Templates in the headers are part of the numbers: see vectors.hpp and the flags of the build.
# MPI's old bindings for C++ are not used, and warn.
set(GLEBE_USER_FLAGS
  ${GLEBE_VECTOR_FLAGS} -ffp-contract=off -DOMPI_SKIP_MPICXX -DMPICH_SKIP_MPICXX)
target_compile_features(libglebe PUBLIC cxx_std_20)
target_compile_options(libglebe INTERFACE
  "$<INSTALL_INTERFACE:$<$<COMPILE_LANGUAGE:CXX>:${GLEBE_USER_FLAGS}>>")
set_target_properties(libglebe PROPERTIES EXPORT_NAME glebe
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
# Programs need not find HDF5 themselves: what was found is named by its files.
set(hdf5_files "")
foreach(library ${HDF5_C_LIBRARIES})
  if(TARGET ${library})
    get_target_property(library ${library} LOCATION)
  endif()
  list(APPEND hdf5_files ${library})
endforeach()
target_link_libraries(libglebe PRIVATE "$<INSTALL_INTERFACE:${hdf5_files}>")
install(TARGETS libglebe EXPORT glebe INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/glebe ${PROJECT_BINARY_DIR}/include/glebe
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.hpp)

# ---- find_package(glebe) --------------------------------------------------------------------
install(EXPORT glebe NAMESPACE glebe:: FILE glebeTargets.cmake DESTINATION ${package_folder})
configure_file(cmake/glebeConfig.cmake.in cmake/glebeConfig.cmake @ONLY)
# Before version 1, minor releases may change the interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cmake/glebeConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES cmake/find_libraries.cmake ${PROJECT_BINARY_DIR}/cmake/glebeConfig.cmake
  ${PROJECT_BINARY_DIR}/cmake/glebeConfigVersion.cmake DESTINATION ${package_folder})

# ---- pkg-config -----------------------------------------------------------------------------
file(RELATIVE_PATH to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" GLEBE_TO_PREFIX "${to_prefix}")
# Other libraries are named by their modules: where they lie is for pkg-config to say. Those without one are
# named by their files. Headers include MPI, PETSc, fmt and Eigen.
set(requires ${PETSC_MODULE_NAME} fmt "eigen3 >= 3.4")
set(includes "")
set(libraries "")
set(private_requires ${NETCDF_MODULE_NAME})
set(private_libraries "")
if(MPI_MODULE)
  list(PREPEND requires ${MPI_MODULE})
else()
  set(includes ${MPI_CXX_INCLUDE_DIRS})
  list(REMOVE_ITEM includes ${CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES})
  list(TRANSFORM includes PREPEND -I)
  set(libraries ${MPI_CXX_LIBRARIES})
endif()
foreach(library HDF5 UDUNITS)
  if(${library}_MODULE)
    list(APPEND private_requires ${${library}_MODULE})
  elseif(library STREQUAL HDF5)
    list(APPEND private_libraries ${hdf5_files})
  else()
    list(APPEND private_libraries ${UDUNITS_LIBRARY})
  endif()
endforeach()
if(GLEBE_LIBDEFLATE AND LIBDEFLATE_MODULE)
  list(APPEND private_requires ${LIBDEFLATE_MODULE})
elseif(GLEBE_LIBDEFLATE)
  list(APPEND private_libraries ${LIBDEFLATE_LIBRARY})
endif()
list(APPEND private_libraries -ldl)
if(NOT BUILD_SHARED_LIBS) # nobody needs to know that it takes pkg-config --static
  list(APPEND requires ${private_requires})
  list(APPEND libraries ${private_libraries})
  set(private_requires "")
  set(private_libraries "")
endif()
get_target_property(definitions libglebe INTERFACE_COMPILE_DEFINITIONS)
list(TRANSFORM definitions PREPEND -D)
list(JOIN GLEBE_USER_FLAGS " " GLEBE_PC_FLAGS)
list(JOIN definitions " " GLEBE_PC_DEFINITIONS)
list(JOIN includes " " GLEBE_PC_INCLUDES)
list(JOIN requires ", " GLEBE_PC_REQUIRES)
list(JOIN private_requires ", " GLEBE_PC_PRIVATE_REQUIRES)
list(JOIN libraries " " GLEBE_PC_LIBRARIES)
list(JOIN private_libraries " " GLEBE_PC_PRIVATE_LIBRARIES)
configure_file(cmake/glebe.pc.in glebe.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/glebe.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
