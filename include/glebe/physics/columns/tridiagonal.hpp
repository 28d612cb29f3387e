// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <vector>

namespace glebe {

/// A tridiagonal matrix, not symmetric, factored from its last row upwards: above its first row
/// stands what the row leaves over, so that a term may be added to it before it is solved.
///
///   eliminate       b_i += s_i b_(i+1)          upwards
///   substitute      x_i = p_i b_i + f_i x_(i-1) downwards, from x_0
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
    std::size_t i = changed;
    if (changed == n_) {
      p_[n_ - 1] = 1.0 / diagonal_[n_ - 1];
      i = n_ - 1;
    }
    for (; i > 0; --i) {
      f_[i] = -lower_[i] * p_[i];
      s_[i - 1] = -upper_[i - 1] * p_[i];
      pivot_ = diagonal_[i - 1] + s_[i - 1] * lower_[i];
      p_[i - 1] = 1.0 / pivot_;
    }
  }
  /// What the first row has left on its diagonal.
  const Real& first_pivot() const { return pivot_; }
  /// Adds `term` to the first row's diagonal, after factorise().
  void add_to_first(const Real& term) { p_[0] = 1.0 / (pivot_ + term); }

  /// b [n], each a number or a row of them.
  template <class Value>
  void eliminate(Value* b) const {
    Value below = b[n_ - 1];
    for (std::size_t i = n_ - 1; i-- > 0;) {
      below = b[i] + s_[i] * below;
      b[i] = below;
    }
  }
  /// From what eliminate() left in b_1, b_2, ... and x_0, which stands in b_0.
  template <class Value>
  void substitute(Value* b) const {
    Value above = b[0];
    for (std::size_t i = 1; i < n_; ++i) {
      above = p_[i] * b[i] + f_[i] * above;
      b[i] = above;
    }
  }
  template <class Value>
  void solve(Value* b) const {
    eliminate(b);
    b[0] = p_[0] * b[0];
    substitute(b);
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
