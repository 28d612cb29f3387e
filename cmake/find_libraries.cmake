# SPDX-License-Identifier: BSD-3-Clause
# Finds what has no CMake package to rely upon: PETSc as PkgConfig::PETSC, netCDF as glebe::netcdf,
# UDUNITS as glebe::udunits. Read by the build, and installed for those who build with the library:
# the includer sets `glebe_required` to REQUIRED or to nothing.
find_package(PkgConfig ${glebe_required})
set(glebe_kept_path "$ENV{PKG_CONFIG_PATH}")
if(DEFINED ENV{PETSC_DIR})
  set(ENV{PKG_CONFIG_PATH}
    "$ENV{PETSC_DIR}/$ENV{PETSC_ARCH}/lib/pkgconfig:$ENV{PETSC_DIR}/lib/pkgconfig:${glebe_kept_path}")
elseif(glebe_petsc_folder) # set where the library was installed
  set(ENV{PKG_CONFIG_PATH} "${glebe_kept_path}:${glebe_petsc_folder}/pkgconfig")
endif()
pkg_search_module(PETSC ${glebe_required} IMPORTED_TARGET PETSc petsc)
# Debian calls its parallel netCDF netcdf-mpi; one that the user has named comes before it, unless the
# folder has both, of which netcdf is the serial one.
find_file(NETCDF_OWN netcdf.pc PATHS ENV PKG_CONFIG_PATH ${CMAKE_PREFIX_PATH}
  ENV CMAKE_PREFIX_PATH PATH_SUFFIXES lib/pkgconfig lib64/pkgconfig NO_DEFAULT_PATH)
get_filename_component(glebe_netcdf_folder "${NETCDF_OWN}" DIRECTORY)
if(NETCDF_OWN AND NOT EXISTS "${glebe_netcdf_folder}/netcdf-mpi.pc")
  pkg_search_module(NETCDF ${glebe_required} IMPORTED_TARGET netcdf)
else()
  pkg_search_module(NETCDF ${glebe_required} IMPORTED_TARGET netcdf-mpi netcdf)
endif()
set(ENV{PKG_CONFIG_PATH} "${glebe_kept_path}")

# Debian's netcdf-mpi.pc leaves out its include path.
find_path(NETCDF_PAR_INCLUDE netcdf_par.h ${glebe_required}
  HINTS ${NETCDF_INCLUDE_DIRS} ${NETCDF_INCLUDEDIR}
        /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/netcdf/mpi/include)
find_path(UDUNITS_INCLUDE udunits2.h ${glebe_required} PATH_SUFFIXES udunits2)
find_library(UDUNITS_LIBRARY udunits2 ${glebe_required})

if(NOT TARGET glebe::netcdf)
  add_library(glebe::netcdf INTERFACE IMPORTED)
  target_link_libraries(glebe::netcdf INTERFACE PkgConfig::NETCDF)
  target_include_directories(glebe::netcdf INTERFACE ${NETCDF_PAR_INCLUDE})
  add_library(glebe::udunits INTERFACE IMPORTED)
  target_link_libraries(glebe::udunits INTERFACE ${UDUNITS_LIBRARY})
  target_include_directories(glebe::udunits INTERFACE ${UDUNITS_INCLUDE})
endif()
