// SPDX-License-Identifier: BSD-3-Clause
// The text of a namelist: it is read, or refused in words.
#include "glebe/base/error.hpp"
#include "glebe/config/read_settings.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    static_cast<void>(
        glebe::parse_settings(std::string(reinterpret_cast<const char*>(data), size), "case.nml"));
  } catch (const glebe::InputError&) {
  }
  return 0;
}
