// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/dense.hpp"

#include <span>
#include <vector>

namespace glebe {

/// The bound-constrained Levenberg-Marquardt iteration of one column. It does not call the model:
/// the caller evaluates the trial point and passes cost, gradient and Gauss-Newton block to tell().
/// Controls are scaled to 0 <= x <= 1. The damping follows Nielsen's rule (Madsen, Nielsen and
/// Tingleff 2004, Methods for non-linear least squares problems, section 3.2) and is scaled by the
/// diagonal of the block.
class LevenbergMarquardt {
public:
  enum class State { active, converged, stalled, failed };

  struct Tolerances {
    double gradient_absolute = 1e-9; ///< of the projected gradient
    double gradient_relative = 1e-8; ///< of the projected gradient, relative to the start
    int max_iterations = 100;
  };

  /// What is known where a search goes on that has begun with a part of the data: of all data,
  /// cost and norm of the projected gradient at its start, and the damping.
  struct Begun {
    double cost;
    double gradient_norm;
    double damping;
  };

  explicit LevenbergMarquardt(DenseVector start) : x_(start), trial_(std::move(start)) {}
  LevenbergMarquardt(DenseVector near, const Begun& begun)
      : x_(near), trial_(std::move(near)), cost_(begun.cost), first_cost_(begun.cost),
        first_gradient_norm_(begun.gradient_norm), damping_(begun.damping) {}

  State state() const { return state_; }
  bool active() const { return state_ == State::active; }
  int iterations() const { return iterations_; } ///< trial points after the start
  /// The best point so far, its cost and the norm of its projected gradient.
  const DenseVector& x() const { return x_; }
  double cost() const { return cost_; }
  /// The cost at the start.
  double first_cost() const { return first_cost_; }
  double gradient_norm() const { return gradient_norm_; }
  double first_gradient_norm() const { return first_gradient_norm_; }
  /// The point to be evaluated next.
  const DenseVector& trial() const { return trial_; }

  /// Takes cost, gradient [m] and symmetric block [m][m] at the trial point. `failed`: the model
  /// has no solution there; the step is then rejected, or, at the start, the search has failed.
  void tell(bool failed, double cost, const DenseVector& gradient, const DenseMatrix& block,
            const Tolerances& tolerances);

  /// All of its state as numbers, of which a search for m controls has so many, and back: the
  /// search then goes on bit for bit. Throws InputError for numbers that are not those of a search.
  static std::size_t record_size(std::size_t m);
  void save(std::span<double> record) const;
  static LevenbergMarquardt restored(std::span<const double> record, std::size_t m);
  /// Lets a search go on that has ended at a smaller max_iterations. Not before the first tell().
  void extend(const Tolerances& tolerances);

private:
  static constexpr double first_growth = 4.0;

  // Calls visit(number) for every number of the state of `search`, and visit(numbers) for vectors
  // and matrices: the order of a record.
  template <class Search, class Visit>
  static void for_each_number(Search& search, const Visit& visit) {
    visit(search.cost_), visit(search.first_cost_), visit(search.gradient_norm_);
    visit(search.first_gradient_norm_), visit(search.predicted_), visit(search.damping_);
    visit(search.growth_), visit(search.x_), visit(search.trial_), visit(search.gradient_);
    visit(search.block_);
  }

  void accept(double cost, const DenseVector& gradient, const DenseMatrix& block);
  void reject();
  void check_convergence(const Tolerances& tolerances);
  void propose();
  bool at_bound(Eigen::Index i) const;
  DenseVector bounded_step() const;
  DenseVector newton_step(const std::vector<Eigen::Index>& free, const DenseVector& step) const;
  double projected_gradient_norm() const;

  DenseVector x_;
  DenseVector trial_;
  DenseVector gradient_;
  DenseMatrix block_;
  double cost_ = 0.0;
  double first_cost_ = 0.0;
  double gradient_norm_ = 0.0;
  double first_gradient_norm_ = 0.0;
  double predicted_ = 0.0;       ///< reduction of the cost by the quadratic model
  double damping_ = 1.0;         ///< large at first, because the first steps are least linear
  double growth_ = first_growth; ///< factor of the damping at the next rejection
  int iterations_ = 0;
  bool started_ = false;
  State state_ = State::active;
};

} // namespace glebe
