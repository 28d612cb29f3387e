// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/columns/general_column.hpp"
#include "glebe/physics/stream_schedule.hpp"

#include <algorithm>
#include <span>

namespace glebe {

/// What the adjoint needs to know of a step: all temperatures at its start and after every
/// implicit stage, from which the laws give the rest.
struct GeneralCheckpointLayout {
  std::size_t n_node;
  std::size_t n_explicit, n_implicit; ///< stages

  GeneralCheckpointLayout(const ModelForm& form, const Soil& soil, std::span<const StreamSchedule>)
      : n_node(soil.n_node()), n_explicit(form.scheme == Scheme::crank_nicolson),
        n_implicit(table(form.scheme).n_stage - n_explicit) {}

  std::size_t n_stage() const { return n_explicit + n_implicit; }
  /// Numbers of a checkpoint.
  std::size_t size() const { return (1 + n_implicit) * n_node; }
};

/// A checkpoint of one step: a view of layout.size() numbers.
template <SoilLaw Law>
class GeneralCheckpoint {
public:
  using Real = typename Law::Real;

  GeneralCheckpoint(const GeneralCheckpointLayout& layout, Real* memory)
      : layout_(layout), T_(memory) {}

  /// Keeps the start of the step, its parameters set.
  void keep_start(const GeneralColumn<Law>& column) { keep(column, T_); }
  /// Takes the column through a stage and keeps it.
  void advance(GeneralColumn<Law>& column, std::size_t stage, const Inputs<Real>& F,
               const Real* = nullptr) {
    column.advance(stage, F);
    if (stage >= layout_.n_explicit) keep(column, after(stage));
  }

  /// T_i at the start of the step and after a stage [degC].
  const Real& temperature(std::size_t i) const { return T_[i]; }
  const Real& temperature(std::size_t stage, std::size_t i) const { return after(stage)[i]; }
  const Real* start() const { return T_; }
  Real* after(std::size_t stage) const {
    return T_ + (stage + 1 - layout_.n_explicit) * layout_.n_node;
  }

private:
  void keep(const GeneralColumn<Law>& column, Real* T) const {
    std::copy_n(column.temperature(), layout_.n_node, T);
  }

  const GeneralCheckpointLayout& layout_;
  Real* T_;
};

} // namespace glebe
