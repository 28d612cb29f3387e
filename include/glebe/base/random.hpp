// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <numbers>

namespace glebe {

/// A hash of a key of integers, used as a random number generator without state (the finaliser of
/// SplitMix64, Steele et al. 2014). The same key gives the same bits on any number of ranks and in
/// any order.
inline std::uint64_t random_bits(std::initializer_list<std::uint64_t> key) {
  std::uint64_t bits = 0;
  for (const std::uint64_t part : key) {
    bits += 0x9e3779b97f4a7c15U + part;
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9U;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebU;
    bits ^= bits >> 31;
  }
  return bits;
}

/// Uniform in (0, 1) for a key.
inline double random_uniform(std::initializer_list<std::uint64_t> key) {
  return (static_cast<double>(random_bits(key) >> 11) + 0.5) * 0x1p-53;
}

/// Standard normal for a key of a seed and two numbers, by Box and Muller.
inline double random_normal(std::uint64_t seed, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  const double radius = std::sqrt(-2.0 * std::log(random_uniform({seed, a, b, c, 0})));
  return radius * std::cos(2.0 * std::numbers::pi * random_uniform({seed, a, b, c, 1}));
}

} // namespace glebe
