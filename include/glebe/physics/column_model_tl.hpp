// SPDX-License-Identifier: BSD-3-Clause
// The tangent-linear of column_model.hpp, statement for statement: T_tl is the change of T per
// unit change of one parameter. `Width` directions go through the same factors side by side.
#pragma once

#include "glebe/physics/column_model.hpp"
#include "glebe/physics/row.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace glebe {

/// What the run loop asks of a group of directions, whatever its width.
template <class Real>
class Tangent {
public:
  virtual ~Tangent() = default;
  virtual std::size_t width() const = 0;
  /// The tangent of ColumnModel::start().
  virtual void start() = 0;
  /// The tangent of ColumnModel::advance(), called after it for the same stage.
  virtual void advance(std::size_t stage, const SurfaceForcing<Real>& F) = 0;
  /// dT_i of direction d after the latest stage [K per unit of the parameter].
  virtual const Real& temperature(std::size_t node, std::size_t d) const = 0;
  virtual Real& temperature(std::size_t node, std::size_t d) = 0;
  virtual const ParameterSlot& slot(std::size_t d) const = 0;
};

template <class Real>
using Tangents = std::span<Tangent<Real>* const>;

/// `Width` directions, of which only the first `n_soil` may be conductivities or heat capacities,
/// which act in the rows of their horizon; all other parameters act at the ends of the column.
template <class Real, std::size_t Width, std::size_t n_soil>
class ColumnModelTl final : public Tangent<Real> {
public:
  using Row = glebe::Row<Real, Width>;
  using SoilRow = glebe::Row<Real, n_soil>;

  /// Numbers of type Real that the tangent works on.
  static std::size_t memory_size(const Soil& soil) {
    return Width * (soil.n_node() + soil.horizon_top.size());
  }

  /// A tangent of `model` for the parameters in `slots` (Width of them); `memory` holds
  /// memory_size(model.soil()) numbers and outlives the tangent, as does `model`.
  ColumnModelTl(const ColumnModel<Real>& model, std::span<const ParameterSlot> slots, Real* memory)
      : model_(model), N_(model.last_node()) {
    std::copy(slots.begin(), slots.end(), slots_.begin());
    T_ = reinterpret_cast<Row*>(memory);
    D_ = T_ + N_ + 1;
  }

  std::size_t width() const override { return Width; }
  const ParameterSlot& slot(std::size_t d) const override { return slots_[d]; }
  Real& temperature(std::size_t node, std::size_t d) override { return T_[node][d]; }
  const Real& temperature(std::size_t node, std::size_t d) const override { return T_[node][d]; }

  void start() override {
    const std::span<const double> knots = model_.soil().knot_depth;
    for (std::size_t d = 0; d < Width; ++d) {
      const auto [parameter, index] = slots_[d];
      const bool deep = parameter == Parameter::deep_temperature;
      for (std::size_t i = 0; i <= N_; ++i) T_[i][d] = deep && knots.empty() ? 1.0 : 0.0;
      per_unit_[d] = 0.0;
      if (info(parameter).place == Place::horizon)
        per_unit_[d] = (parameter == Parameter::thermal_conductivity ? 1.0 : -1.0) /
                       model_.parameter(slots_[d]);
      if (parameter == Parameter::initial_temperature)
        for (std::size_t i = 0; i <= N_; ++i) {
          const auto [j, w] = interpolate(knots, model_.soil().depth[i]);
          T_[i][d] = j == index ? 1.0 - w : j + 1 == index ? w : 0.0;
        }
      if (model_.form().bottom == Bottom::temperature) T_[N_][d] = deep ? 1.0 : 0.0;
    }
  }

  void advance(std::size_t stage, const SurfaceForcing<Real>& F) override {
    if (stage > 0)
      second_stage(F);
    else if (model_.form().scheme == Scheme::crank_nicolson)
      explicit_stage(F);
    else
      first_stage(F);
  }

private:
  // What row i gains from its own dependence on the parameters [J m-2 per unit]: through the
  // conductances and capacities on either side, and the fluxes at the ends.
  Row source(std::size_t i, const SurfaceForcing<Real>& F) const {
    const Real* T = model_.temperature();
    const Real* k = model_.conductance();
    const Soil& soil = model_.soil();
    const Real above =
        i == 0 ? model_.fluxes(T[0], F).ground() : Real(k[i - 1] * (T[i - 1] - T[i]));
    const Real below = i == N_ ? Real(-model_.parameter({Parameter::geothermal_flux}))
                               : Real(k[i] * (T[i] - T[i + 1]));
    Row sum;
    for (std::size_t d = 0; d < Width; ++d) {
      const auto [parameter, h] = slots_[d];
      if (i == 0) sum[d] = model_.fluxes_dp(parameter, T[0], F).ground();
      if (i == N_ && parameter == Parameter::geothermal_flux) sum[d] = 1.0;
      if (info(parameter).place != Place::horizon) continue;
      const bool owns_above = soil.horizon_top[h] < i && i <= soil.horizon_top[h + 1];
      const bool owns_below = soil.horizon_top[h] <= i && i < soil.horizon_top[h + 1];
      if (parameter == Parameter::thermal_conductivity) {
        if (owns_above) sum[d] += per_unit_[d] * above;
        if (owns_below) sum[d] -= per_unit_[d] * below;
      } else if (owns_above || owns_below) {
        sum[d] += per_unit_[d] * (above - below);
        if (i > 0 && i < N_) // the node is shared with the other horizon
          sum[d] *= 0.5 * soil.thickness[owns_above ? i - 1 : i] * model_.parameter(slots_[d]) /
                    model_.capacity()[i];
      }
    }
    return Real(model_.gamma_dt()) * sum;
  }

  // Inside a horizon the source is a multiple of c_i D_i, the net heat flux that the row has:
  // conductances are proportional to lambda and capacities to C. These are the factors.
  SoilRow inside(std::size_t horizon) const {
    SoilRow w;
    for (std::size_t d = 0; d < n_soil; ++d)
      if (slots_[d].index == horizon) w[d] = per_unit_[d];
    return w;
  }

  // action(i, D_tl of row i) for the ends and the boundaries of horizons, where D_tl is kept.
  template <class Action>
  void for_each_boundary(Action action) {
    const auto tops = model_.soil().horizon_top;
    for (std::size_t b = 0; b < tops.size(); ++b) action(tops[b], D_[b]);
  }

  void explicit_stage(const SurfaceForcing<Real>& F) {
    const Real* c = model_.capacity();
    const Real* k = model_.conductance();
    const Real Q_T = model_.fluxes_dT(model_.temperature()[0], F).ground();
    const Real gamma_dt = model_.gamma_dt();
    for_each_boundary([&](std::size_t i, Row& D) {
      const Row above = i == 0 ? Q_T * T_[0] : k[i - 1] * (T_[i - 1] - T_[i]);
      const Row below = i == N_ ? Row{} : k[i] * (T_[i] - T_[i + 1]);
      D = Real(1.0 / c[i]) * (gamma_dt * (above - below) + source(i, F));
    });
  }

  void first_stage(const SurfaceForcing<Real>& F) {
    for_each_boundary([&](std::size_t i, Row& D_tl) { D_tl = T_[i]; });
    const Real* D = model_.increment();
    const auto tops = model_.soil().horizon_top;

    Row e = bottom_row(T_[N_], F);
    T_[N_] = e;
    for (std::size_t h = tops.size() - 1; h-- > 0;) {
      const SoilRow w = inside(h);
      const Real theta = model_.theta(h);
      for (std::size_t i = tops[h + 1] - 1; i > tops[h]; --i) {
        const auto [p, q, f] = model_.weights(i, theta);
        e = p * T_[i] + Real(p * D[i]) * w + q * e;
        T_[i] = e;
      }
      e = boundary_row(tops[h], T_[tops[h]], e, F);
      T_[tops[h]] = e;
    }
    substitute();
    for_each_boundary([&](std::size_t i, Row& D_tl) { D_tl = T_[i] - D_tl; });
  }

  // Starts from R_tl = T_tl + (a - 1) D_tl, D_tl of the first stage. Inside the horizons this D_tl
  // is not kept but follows from the fluxes at T_tl, because arithmetic is cheaper than memory.
  void second_stage(const SurfaceForcing<Real>& F) {
    const Real* D = model_.increment();
    const auto tops = model_.soil().horizon_top;
    const Real b = model_.second_start() - 1.0;

    Row below = T_[N_];
    Row e = bottom_row(T_[N_] + b * D_[tops.size() - 1], F);
    T_[N_] = e;
    for (std::size_t h = tops.size() - 1; h-- > 0;) {
      const SoilRow w = inside(h);
      const Real theta = model_.theta(h);
      Row here = T_[tops[h + 1] - 1];
      for (std::size_t i = tops[h + 1] - 1; i > tops[h]; --i) {
        const Row above = T_[i - 1];
        const auto [p, q, f] = model_.weights(i, theta);
        e = Real(p - b * f - b * q) * here + Real(b * f) * above + Real(b * q) * below +
            Real(p * D[i]) * w + q * e;
        T_[i] = e;
        below = here;
        here = above;
      }
      below = here;
      e = boundary_row(tops[h], here + b * D_[h], e, F);
      T_[tops[h]] = e;
    }
    substitute();
  }

  // A row between horizons, or row 0, from R_tl.
  Row boundary_row(std::size_t i, const Row& R, const Row& e, const SurfaceForcing<Real>& F) const {
    const Real c = model_.capacity()[i], gamma_dt_k = model_.gamma_dt() * model_.conductance()[i];
    const Real over_pivot = i == 0 ? model_.surface_inverse() : Real(model_.weights(i).p / c);
    return over_pivot * (c * R + source(i, F) + gamma_dt_k * e);
  }

  Row bottom_row(const Row& R, const SurfaceForcing<Real>& F) const {
    if (model_.form().bottom == Bottom::flux) {
      const Real p = model_.weights(N_).p;
      return p * R + Real(p / model_.capacity()[N_]) * source(N_, F);
    }
    Row e;
    for (std::size_t d = 0; d < Width; ++d)
      if (slots_[d].parameter == Parameter::deep_temperature) e[d] = 1.0;
    return e;
  }

  // T_i = e_i + f_i T_(i-1).
  void substitute() {
    Row T = T_[0];
    model_.downwards([&](std::size_t i, const RowWeights<Real>& w) {
      T = T_[i] + w.f * T;
      T_[i] = T;
    });
  }

  const ColumnModel<Real>& model_;
  std::size_t N_;
  std::array<ParameterSlot, Width> slots_{};
  Row per_unit_;     ///< 1 / lambda or -1 / C
  Row* T_ = nullptr; ///< tangent of T
  Row* D_ = nullptr; ///< tangent of D of the first stage, at the ends and boundaries of horizons
};

} // namespace glebe
