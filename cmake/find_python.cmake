# SPDX-License-Identifier: BSD-3-Clause
# GLEBE_PYTHON: the Python of the tools and of the tests. The first of the environment's GLEBE_PYTHON,
# python3 and /usr/bin/python3 that has what the tools import; an own choice is not questioned.
set(GLEBE_PYTHON "" CACHE STRING
  "Python that runs the tools and the tests; empty: the first that has what they import")
if(NOT GLEBE_PYTHON)
  foreach(candidate $ENV{GLEBE_PYTHON} python3 /usr/bin/python3)
    execute_process(RESULT_VARIABLE status OUTPUT_VARIABLE found ERROR_QUIET
      OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND ${candidate} -c
      "import sys, matplotlib, netCDF4, pandas, xarray; print(sys.executable)")
    if(status EQUAL 0)
      set_property(CACHE GLEBE_PYTHON PROPERTY VALUE ${found})
      break()
    endif()
  endforeach()
endif()
if(NOT GLEBE_PYTHON)
  message(STATUS "No Python with matplotlib, netCDF4, pandas and xarray: tools and tests will be run "
    "by the python3 in the PATH, which must have them")
  set(GLEBE_PYTHON "/usr/bin/env python3")
endif()
