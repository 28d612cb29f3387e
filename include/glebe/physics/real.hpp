// SPDX-License-Identifier: BSD-3-Clause
// The number types the kernel is written for. `Real` is double (one column, the reference),
// a vector of doubles (one column per lane, production) or std::complex<double> (complex-step
// verification). The functions here are the only places where they differ.
#pragma once

#include "glebe/vectors.hpp"

#include <cmath>
#include <complex>
#include <cstddef>
#include <experimental/simd>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// For a function that returns several vectors and is not inlined: GCC 12 takes what such a call
/// writes for unwritten (-fipa-modref).
#if defined(__GNUC__) && !defined(__clang__)
#define GLEBE_CALL [[gnu::noipa]]
#else
#define GLEBE_CALL
#endif

/// For a lambda that is called in a loop and must not become a call: between its parameters and its
/// result.
#define GLEBE_INLINED __attribute__((always_inline))

namespace glebe {

// The widest vector that the library uses, by name: native_simd is that of the includer.
#if GLEBE_AVX512F
using Lanes = std::experimental::simd<double, std::experimental::simd_abi::__avx512>;
#elif GLEBE_AVX
using Lanes = std::experimental::simd<double, std::experimental::simd_abi::__avx>;
#elif defined(__x86_64__)
using Lanes = std::experimental::simd<double, std::experimental::simd_abi::__sse>;
#else
using Lanes = std::experimental::native_simd<double>;
#endif
using Complex = std::complex<double>;

#if defined(__x86_64__) && defined(__GLIBC__)
#define GLEBE_VECTOR_LIBRARY
namespace detail {
#if GLEBE_AVX512F
using Register = __m512d;
Register vector_exp(Register) __asm__("_ZGVeN8v_exp");
Register vector_log(Register) __asm__("_ZGVeN8v_log");
#elif GLEBE_AVX2
using Register = __m256d;
Register vector_exp(Register) __asm__("_ZGVdN4v_exp");
Register vector_log(Register) __asm__("_ZGVdN4v_log");
#elif GLEBE_AVX
using Register = __m256d;
Register vector_exp(Register) __asm__("_ZGVcN4v_exp");
Register vector_log(Register) __asm__("_ZGVcN4v_log");
#else
using Register = __m128d;
Register vector_exp(Register) __asm__("_ZGVbN2v_exp");
Register vector_log(Register) __asm__("_ZGVbN2v_log");
#endif
} // namespace detail
#endif

template <class Real>
struct RealTraits {
  using Mask = bool;
  static constexpr std::size_t lane_count = 1;
  /// Newton iterations added after convergence: the imaginary part of a complex step follows
  /// the real part one iteration later.
  static constexpr int extra_iterations = 0;
};
template <>
struct RealTraits<Complex> {
  using Mask = bool;
  static constexpr std::size_t lane_count = 1;
  static constexpr int extra_iterations = 1;
};
template <>
struct RealTraits<Lanes> {
  using Mask = Lanes::mask_type;
  static constexpr std::size_t lane_count = Lanes::size();
  static constexpr int extra_iterations = 0;
};

template <class Real>
using Mask = typename RealTraits<Real>::Mask;
template <class Real>
inline constexpr std::size_t lane_count = RealTraits<Real>::lane_count;

// Comparisons look at the real part only, so that a complex step follows the real branch.
inline bool less_than(double a, double b) { return a < b; }
inline bool less_than(const Complex& a, double b) { return a.real() < b; }
inline Lanes::mask_type less_than(const Lanes& a, double b) { return a < b; }

inline double magnitude(double a) { return std::abs(a); }
inline Complex magnitude(const Complex& a) { return std::abs(a.real()); }
inline Lanes magnitude(const Lanes& a) { return std::experimental::abs(a); }

/// a b + c, rounded once where the processor multiplies and adds in one instruction. Written out
/// wherever it matters, because the compiler must not contract products and sums by itself: it
/// would do so here and not there, and the last digits would depend on how directions are grouped.
#if GLEBE_FMA || defined(__ARM_FEATURE_FMA)
inline double fma(double a, double b, double c) { return std::fma(a, b, c); }
#else
inline double fma(double a, double b, double c) { return a * b + c; }
#endif
[[gnu::always_inline]] inline Lanes fma(const Lanes& a, const Lanes& b, const Lanes& c) {
  // std::experimental::fma goes lane by lane in GCC 12 where it is not alone.
#if GLEBE_AVX512F
  return Lanes(
      _mm512_fmadd_pd(static_cast<__m512d>(a), static_cast<__m512d>(b), static_cast<__m512d>(c)));
#elif GLEBE_FMA
  return Lanes(
      _mm256_fmadd_pd(static_cast<__m256d>(a), static_cast<__m256d>(b), static_cast<__m256d>(c)));
#elif defined(__ARM_FEATURE_FMA)
  return std::experimental::fma(a, b, c);
#else
  return a * b + c;
#endif
}
inline Complex fma(const Complex& a, const Complex& b, const Complex& c) { return a * b + c; }

inline double square_root(double a) { return std::sqrt(a); }
inline Complex square_root(const Complex& a) { return std::sqrt(a); }
[[gnu::always_inline]] inline Lanes square_root(const Lanes& a) {
#if GLEBE_AVX512F
  // GCC 12 takes what _mm512_sqrt_pd leaves undefined for a mistake of ours.
  constexpr __mmask8 every_lane = 0xff;
  return Lanes(_mm512_maskz_sqrt_pd(every_lane, static_cast<__m512d>(a)));
#else
  return std::experimental::sqrt(a);
#endif
}

// All lanes at once where the C library has that (glibc's libmvec, to 4 units in the last place);
// a double is then one lane of the same, so that both agree to the last bit.
#if defined(GLEBE_VECTOR_LIBRARY)
inline Lanes exponential(const Lanes& a) {
  return Lanes(detail::vector_exp(static_cast<detail::Register>(a)));
}
inline Lanes logarithm(const Lanes& a) {
  return Lanes(detail::vector_log(static_cast<detail::Register>(a)));
}
inline double exponential(double a) { return exponential(Lanes(a))[0]; }
inline double logarithm(double a) { return logarithm(Lanes(a))[0]; }
#else
inline Lanes exponential(const Lanes& a) {
  return Lanes([&](auto i) { return std::exp(a[i]); });
}
inline Lanes logarithm(const Lanes& a) {
  return Lanes([&](auto i) { return std::log(a[i]); });
}
inline double exponential(double a) { return std::exp(a); }
inline double logarithm(double a) { return std::log(a); }
#endif
inline Complex exponential(const Complex& a) { return std::exp(a); }
inline Complex logarithm(const Complex& a) { return std::log(a); }
/// a^b for a > 0.
template <class Real>
Real power(const Real& a, const Real& b) {
  return exponential(Real(b * logarithm(a)));
}

template <class Real>
[[gnu::always_inline]] inline Real select(bool condition, const Real& yes, const Real& no) {
  return condition ? yes : no;
}
[[gnu::always_inline]] inline Lanes select(const Lanes::mask_type& condition, const Lanes& yes,
                                           const Lanes& no) {
  Lanes result = no;
  where(condition, result) = yes;
  return result;
}

/// The greater and the lesser, by the real part.
template <class Real>
[[gnu::always_inline]] inline Real greater(const Real& a, const Real& b) {
  return select(less_than(Real(a - b), 0.0), b, a);
}
template <class Real>
[[gnu::always_inline]] inline Real lesser(const Real& a, const Real& b) {
  return select(less_than(Real(a - b), 0.0), a, b);
}

inline bool all(bool condition) { return condition; }
inline bool all(const Lanes::mask_type& condition) { return std::experimental::all_of(condition); }
inline bool lane(bool condition, std::size_t) { return condition; }
inline bool lane(const Lanes::mask_type& condition, std::size_t i) { return condition[i]; }
inline double lane(double value, std::size_t) { return value; }
inline Complex lane(const Complex& value, std::size_t) { return value; }
inline double lane(const Lanes& value, std::size_t i) { return value[i]; }

/// The lanes that lie side by side at `values`.
template <class Real, class Stored>
[[gnu::always_inline]] inline Real load(const Stored* values) {
  if constexpr (lane_count<Real> == 1) {
    return Real(static_cast<double>(*values));
  } else {
    return Real([values](auto i) { return static_cast<double>(values[i]); });
  }
}
inline void store(double value, double* values) { *values = value; }
inline void store(const Lanes& value, double* values) {
  value.copy_to(values, std::experimental::element_aligned);
}

} // namespace glebe
