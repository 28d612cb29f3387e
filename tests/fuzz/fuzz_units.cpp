// SPDX-License-Identifier: BSD-3-Clause
// The unit of a variable, as its file gives it, for each unit that the model needs.
#include "glebe/base/error.hpp"
#include "glebe/data/units.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string unit(reinterpret_cast<const char*>(data), size);
  for (const char* needed : {"K", "W m-2", "Pa", "kg kg-1", "m s-1", "m", "1", "W m-1 K-1", "s"})
    try {
      glebe::check_fraction(unit, needed);
      static_cast<void>(glebe::make_converter(unit, needed, 3600.0)(1.0));
    } catch (const glebe::InputError&) {
    }
  return 0;
}
