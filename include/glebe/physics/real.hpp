// SPDX-License-Identifier: BSD-3-Clause
// The number types the kernel is written for. `Real` is double (one column, the reference),
// native_simd<double> (one column per lane, production) or std::complex<double> (complex-step
// verification). The functions here are the only places where they differ.
#pragma once

#include <cmath>
#include <complex>
#include <cstddef>
#include <experimental/simd>
#if defined(__FMA__)
#include <immintrin.h>
#endif

namespace glebe {

using Lanes = std::experimental::native_simd<double>;
using Complex = std::complex<double>;

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
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
inline double fma(double a, double b, double c) { return std::fma(a, b, c); }
#else
inline double fma(double a, double b, double c) { return a * b + c; }
#endif
[[gnu::always_inline]] inline Lanes fma(const Lanes& a, const Lanes& b, const Lanes& c) {
  // std::experimental::fma goes lane by lane in GCC 12 where it is not alone.
#if defined(__AVX512F__)
  return Lanes(
      _mm512_fmadd_pd(static_cast<__m512d>(a), static_cast<__m512d>(b), static_cast<__m512d>(c)));
#elif defined(__FMA__)
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
#if defined(__AVX512F__)
  // GCC 12 takes what _mm512_sqrt_pd leaves undefined for a mistake of ours.
  constexpr __mmask8 every_lane = 0xff;
  return Lanes(_mm512_maskz_sqrt_pd(every_lane, static_cast<__m512d>(a)));
#else
  return std::experimental::sqrt(a);
#endif
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
