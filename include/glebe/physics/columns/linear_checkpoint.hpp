// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/columns/linear_column.hpp"
#include "glebe/physics/stream_schedule.hpp"

#include <span>
#include <vector>

namespace glebe {

/// What the adjoint needs to know of a step, and where it lies in a checkpoint: of every implicit
/// stage the increments and 1 / (d row 0 / d T_0); of the start the temperatures that parameters
/// and observations depend on: at the ends and boundaries of horizons, where fluxes are observed,
/// and at the nodes next to these.
struct LinearCheckpointLayout {
  std::size_t n_node;
  std::size_t n_explicit, n_implicit; ///< stages
  std::vector<std::size_t> kept;      ///< nodes whose temperature is kept
  std::vector<std::size_t> position;  ///< [node] where it stands among these

  LinearCheckpointLayout(const ModelForm& form, const Soil& soil,
                         std::span<const StreamSchedule> streams)
      : n_node(soil.n_node()), n_explicit(form.scheme == Scheme::crank_nicolson),
        n_implicit(table(form.scheme).n_stage - n_explicit), position(n_node) {
    std::vector<char> is_kept(n_node, 0);
    const auto keep_node = [&](std::size_t i) {
      for (const std::size_t j : {i - (i > 0), i, i + (i + 1 < n_node)}) is_kept[j] = 1;
    };
    for (const std::size_t top : soil.horizon_top) keep_node(top);
    for (const StreamSchedule& stream : streams) {
      keep_node(stream.op.at.lower);
      // A sensor may come to be anywhere.
      if (stream.sensor.moves) is_kept.assign(n_node, 1);
    }
    for (std::size_t i = 0; i < n_node; ++i) {
      position[i] = kept.size();
      if (is_kept[i]) kept.push_back(i);
    }
  }

  std::size_t n_stage() const { return n_explicit + n_implicit; }
  /// Numbers of a checkpoint.
  std::size_t size() const { return kept.size() + n_implicit * (n_node + 1); }
};

/// A checkpoint of one step: a view of layout.size() numbers.
template <class Real>
class LinearCheckpoint {
public:
  LinearCheckpoint(const LinearCheckpointLayout& layout, Real* memory)
      : layout_(layout), T_(memory), D_(memory + layout.kept.size()) {}

  /// Keeps the start of the step, its parameters set.
  void keep_start(const LinearColumn<Real>& column) {
    for (std::size_t k = 0; k < layout_.kept.size(); ++k)
      T_[k] = column.temperature()[layout_.kept[k]];
  }
  /// Takes the column through a stage and keeps it. The increment of the surface temperature,
  /// where it is known from an earlier run, saves the iteration.
  void advance(LinearColumn<Real>& column, std::size_t stage, const Inputs<Real>& F,
               const Real* known_D_0 = nullptr) {
    if (stage < layout_.n_explicit) return column.advance(stage, F);
    column.advance(stage, F, stage_at(stage), known_D_0);
    stage_at(stage)[layout_.n_node] = column.surface_inverse(F);
  }

  /// T_i of a node that is kept, at the start of the step and after a stage, as the column had it
  /// to the last bit [degC].
  const Real& temperature(std::size_t i) const { return T_[layout_.position[i]]; }
  Real temperature(std::size_t stage, std::size_t i) const {
    Real T = temperature(i);
    for (std::size_t s = layout_.n_explicit; s <= stage; ++s) T += increment(s)[i];
    return T;
  }
  /// D_i of an implicit stage, all nodes [K].
  const Real* increment(std::size_t stage) const { return stage_at(stage); }
  /// 1 / (d row 0 / d T_0) of an implicit stage [m2 K J-1].
  const Real& surface_inverse(std::size_t stage) const { return stage_at(stage)[layout_.n_node]; }

private:
  Real* stage_at(std::size_t stage) const {
    return D_ + (stage - layout_.n_explicit) * (layout_.n_node + 1);
  }

  const LinearCheckpointLayout& layout_;
  Real* T_;
  Real* D_;
};

} // namespace glebe
