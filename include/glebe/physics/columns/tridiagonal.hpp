// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/row.hpp"

#include <cstddef>
#include <vector>

namespace glebe {

/// A tridiagonal matrix, not symmetric, factored from its last row upwards: above its first row
/// stands what the row leaves over, so that a term may be added to it before it is solved.
///
///   eliminated      b_i += s_i b_(i+1)          upwards
///   substituted     x_i = p_i b_i + f_i x_(i-1) downwards, from x_0
template <class Real>
class Tridiagonal {
public:
  explicit Tridiagonal(std::size_t n)
      : n_(n), memory_(6 * n), lower_(memory_.data()), diagonal_(lower_ + n), upper_(diagonal_ + n),
        f_(upper_ + n), s_(f_ + n), p_(s_ + n) {}
  Tridiagonal(const Tridiagonal&) = delete;
  Tridiagonal& operator=(const Tridiagonal&) = delete;

  /// Row i: lower x_(i-1) + diagonal x_i + upper x_(i+1).
  void set_row(std::size_t i, const Real& lower, const Real& diagonal, const Real& upper) {
    lower_[i] = lower;
    diagonal_[i] = diagonal;
    upper_[i] = upper;
  }
  /// Only the first `changed` rows differ from those that are factored.
  void factorise(std::size_t changed) {
    const Real *lower = lower_, *diagonal = diagonal_, *upper = upper_;
    Real *f = f_, *s = s_, *p = p_;
    std::size_t i = changed;
    if (changed == n_) {
      i = n_ - 1;
      p[i] = 1.0 / diagonal[i];
    }
    if (i == 0) return;
    Real pivot = 0.0, inverse = p[i];
    for (; i > 0; --i) {
      f[i] = -lower[i] * inverse;
      s[i - 1] = -upper[i - 1] * inverse;
      pivot = fma(Real(-(upper[i - 1] * lower[i])), inverse, diagonal[i - 1]);
      inverse = 1.0 / pivot;
      p[i - 1] = inverse;
    }
    pivot_ = pivot;
  }
  /// What the first row has left on its diagonal.
  const Real& first_pivot() const { return pivot_; }
  /// Adds `term` to the first row's diagonal, after factorise().
  void add_to_first(const Real& term) { p_[0] = 1.0 / (pivot_ + term); }

  const Real* above() const { return s_; }   ///< s
  const Real* inverse() const { return p_; } ///< p
  const Real* below() const { return f_; }   ///< f
  /// Solves for rows of numbers x [n], which may hold what b(i) is made of: first and last are b_0
  /// and b_(n-1), b(i) the other sides, which are asked for from below.
  template <std::size_t Width, class Side>
  [[gnu::always_inline]] void solve(const Row<Real, Width>& first, const Row<Real, Width>& last,
                                    Side b, Row<Real, Width>* x) const {
    const std::size_t n = n_;
    const Real *s = s_, *p = p_, *f = f_;
    Row<Real, Width> e = last;
    x[n - 1] = e;
    for (std::size_t i = n - 2; i > 0; --i) {
      e = b(i) + s[i] * e;
      x[i] = e;
    }
    e = first + s[0] * e;
    e = p[0] * e;
    x[0] = e;
    for (std::size_t i = 1; i < n; ++i) {
      e = p[i] * x[i] + f[i] * e;
      x[i] = e;
    }
  }
  /// The same with the transposed matrix.
  void solve_transposed(Real* b) const {
    for (std::size_t i = n_ - 1; i > 0; --i) {
      b[i - 1] += f_[i] * b[i];
      b[i] = p_[i] * b[i];
    }
    b[0] = p_[0] * b[0];
    for (std::size_t i = 1; i < n_; ++i) b[i] += s_[i - 1] * b[i - 1];
  }

private:
  std::size_t n_;
  std::vector<Real> memory_;
  Real *lower_, *diagonal_, *upper_;
  Real *f_, *s_, *p_;
  Real pivot_{};
};

} // namespace glebe
