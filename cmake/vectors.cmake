# SPDX-License-Identifier: BSD-3-Clause
# What the compiler may use of the processor, for glebe/vectors.hpp: programs that include the
# headers later, perhaps compiled for another processor, get the library's vectors all the same.
# GLEBE_VECTOR_FLAGS: what they must be compiled with at least.
set(march "")
if(GLEBE_ARCH)
  set(march -march=${GLEBE_ARCH})
endif()
set(CMAKE_TRY_COMPILE_CONFIGURATION ${CMAKE_BUILD_TYPE})
try_compile(compiled ${PROJECT_BINARY_DIR}/CMakeFiles/vectors
  ${PROJECT_SOURCE_DIR}/cmake/vectors.cpp
  COMPILE_DEFINITIONS ${march}
  OUTPUT_VARIABLE output COPY_FILE ${PROJECT_BINARY_DIR}/CMakeFiles/vectors.bin)
if(NOT compiled)
  message(FATAL_ERROR "The compiler does not take GLEBE_ARCH=${GLEBE_ARCH}:\n${output}")
endif()
file(STRINGS ${PROJECT_BINARY_DIR}/CMakeFiles/vectors.bin found REGEX "vectors:")

set(GLEBE_VECTOR_FLAGS "")
foreach(feature AVX AVX2 FMA AVX512F AVX512DQ AVX512BW AVX512VL)
  if(found MATCHES " ${feature}[ .]")
    set(GLEBE_${feature} ON)
    string(TOLOWER -m${feature} flag)
    list(APPEND GLEBE_VECTOR_FLAGS ${flag})
  else()
    set(GLEBE_${feature} OFF)
  endif()
endforeach()
list(JOIN GLEBE_VECTOR_FLAGS " " GLEBE_VECTOR_WORDS)
configure_file(include/glebe/vectors.hpp.in ${PROJECT_BINARY_DIR}/include/glebe/vectors.hpp @ONLY)
