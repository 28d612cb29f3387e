// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/physics/columns/linear_column.hpp"
#include "glebe/physics/stream_schedule.hpp"

#include <algorithm>
#include <vector>

namespace glebe {

/// What the adjoint needs to know of a step, and where it lies in a record: of every implicit stage
/// the increments and 1 / (d row 0 / d T_0); of the start the temperatures where parameters and
/// observations see them, at the ends and boundaries of horizons and where fluxes are observed, and
/// at the nodes next to these.
struct RecordShape {
  std::size_t n_node;
  std::size_t n_explicit, n_implicit; ///< stages
  std::vector<std::size_t> seen;      ///< nodes
  std::vector<std::size_t> place;     ///< [node] where it stands among these

  RecordShape(const ModelForm& form, const Soil& soil, std::span<const StreamSchedule> streams)
      : n_node(soil.n_node()), n_explicit(form.scheme == Scheme::crank_nicolson),
        n_implicit(table(form.scheme).n_stage - n_explicit), place(n_node) {
    std::vector<char> is_seen(n_node, 0);
    const auto see = [&](std::size_t i) {
      for (const std::size_t j : {i - (i > 0), i, i + (i + 1 < n_node)}) is_seen[j] = 1;
    };
    for (const std::size_t top : soil.horizon_top) see(top);
    for (const StreamSchedule& stream : streams) see(stream.op.at.lower);
    for (std::size_t i = 0; i < n_node; ++i) {
      place[i] = seen.size();
      if (is_seen[i]) seen.push_back(i);
    }
  }

  /// Numbers of a record.
  std::size_t size() const { return seen.size() + n_implicit * (n_node + 1); }
};

/// One such record, a view of shape.size() numbers.
template <class Real>
class StepRecord {
public:
  StepRecord(const RecordShape& shape, Real* memory)
      : shape_(shape), T_(memory), D_(memory + shape.seen.size()) {}

  /// Keeps the temperatures at the start of the step, its parameters set.
  void keep_start(const ColumnModel<Real>& model) {
    for (std::size_t k = 0; k < shape_.seen.size(); ++k)
      T_[k] = model.temperature()[shape_.seen[k]];
  }
  void keep_surface_inverse(std::size_t stage, const Real& inverse) {
    increment(stage)[shape_.n_node] = inverse;
  }

  /// T_i of a node that is seen, at the start of the step and after a stage, as the model had it to
  /// the last bit [degC].
  const Real& temperature(std::size_t i) const { return T_[shape_.place[i]]; }
  Real temperature(std::size_t stage, std::size_t i) const {
    Real T = temperature(i);
    for (std::size_t s = shape_.n_explicit; s <= stage; ++s) T += increment(s)[i];
    return T;
  }
  /// D_i of an implicit stage, all nodes [K], and 1 / (d row 0 / d T_0).
  Real* increment(std::size_t stage) {
    return D_ + (stage - shape_.n_explicit) * (shape_.n_node + 1);
  }
  const Real* increment(std::size_t stage) const {
    return D_ + (stage - shape_.n_explicit) * (shape_.n_node + 1);
  }
  const Real& surface_inverse(std::size_t stage) const { return increment(stage)[shape_.n_node]; }

private:
  const RecordShape& shape_;
  Real* T_;
  Real* D_;
};

} // namespace glebe
