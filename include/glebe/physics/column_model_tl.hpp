// SPDX-License-Identifier: BSD-3-Clause
// The tangent-linear of column_model.hpp, statement for statement: T_tl is the change of T per
// unit change of one parameter. `Width` directions go through the same factors side by side.
#pragma once

#include "glebe/physics/column_model.hpp"

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

/// `Width` directions. `in_soil` says that every one of them is a conductivity or heat capacity,
/// which act in the rows of their horizon; all other parameters act at the ends of the column.
template <class Real, std::size_t Width, bool in_soil>
class ColumnModelTl final : public Tangent<Real> {
public:
  using Row = std::array<Real, Width>;

  /// Numbers of type Real that the tangent works on.
  static std::size_t memory_size(std::size_t n_node) { return Width * n_node * (in_soil ? 3 : 2); }

  /// A tangent of `model` for the parameters in `slots` (Width of them); `memory` holds
  /// memory_size(n_node) numbers and outlives the tangent, as does `model`.
  ColumnModelTl(const ColumnModel<Real>& model, std::span<const ParameterSlot> slots, Real* memory)
      : model_(model), N_(model.last_node()) {
    std::copy(slots.begin(), slots.end(), slots_.begin());
    Row* rows = reinterpret_cast<Row*>(memory);
    for (Row** array : {&T_, &R_}) {
      *array = rows;
      rows += N_ + 1;
    }
    if constexpr (in_soil) source_ = rows;
  }

  std::size_t width() const override { return Width; }
  const ParameterSlot& slot(std::size_t d) const override { return slots_[d]; }
  Real& temperature(std::size_t node, std::size_t d) override { return latest_[node][d]; }
  const Real& temperature(std::size_t node, std::size_t d) const override {
    return latest_[node][d];
  }

  void start() override {
    latest_ = T_;
    for (std::size_t i = 0; i <= N_; ++i) T_[i].fill(Real(0.0));
    if constexpr (in_soil) {
      for (std::size_t i = 0; i <= N_; ++i) source_[i].fill(Real(0.0));
      return;
    }
    const std::span<const double> knots = model_.soil().knot_depth;
    for (std::size_t d = 0; d < Width; ++d) {
      const auto [parameter, index] = slots_[d];
      if (parameter == Parameter::deep_temperature && knots.empty())
        for (std::size_t i = 0; i <= N_; ++i) T_[i][d] = 1.0;
      if (parameter == Parameter::initial_temperature)
        for (std::size_t i = 0; i <= N_; ++i) {
          const auto [j, w] = interpolate(knots, model_.soil().depth[i]);
          T_[i][d] = j == index ? 1.0 - w : j + 1 == index ? w : 0.0;
        }
      if (model_.form().bottom == Bottom::temperature)
        T_[N_][d] = parameter == Parameter::deep_temperature ? 1.0 : 0.0;
    }
  }

  void advance(std::size_t stage, const SurfaceForcing<Real>& F) override {
    if constexpr (in_soil) set_sources(stage);
    set_surface_sources(F);
    const Scheme scheme = model_.form().scheme;
    const bool last = stage + 1 == model_.scheme().n_stage;
    if (scheme == Scheme::crank_nicolson && !last) {
      explicit_stage(F);
    } else if (scheme == Scheme::crank_nicolson) {
      solve(T_, [this](std::size_t i) -> const Row& { return R_[i]; });
    } else if (scheme == Scheme::backward_euler) {
      solve(T_, [this](std::size_t i) -> const Row& { return T_[i]; });
    } else if (!last) { // the first stage goes to R_, since T_ is needed again
      solve(R_, [this](std::size_t i) -> const Row& { return T_[i]; });
    } else {
      solve(T_, [this](std::size_t i) -> Row {
        constexpr double a = (1.0 - alexander_gamma) / alexander_gamma;
        Row base;
        for (std::size_t d = 0; d < Width; ++d) base[d] = (1.0 - a) * T_[i][d] + a * R_[i][d];
        return base;
      });
    }
  }

private:
  // Rows' own dependence on lambda and C at the stage's state:
  // gamma dt (dk_(i-1) (T_(i-1) - T_i) - dk_i (T_i - T_(i+1))) - dc_i D_i,
  // over the pivot where that adds to e_i, over c_i in an explicit stage, as it is in row 0.
  void set_sources(std::size_t stage) {
    const Real* T = model_.temperature();
    const Real* D = model_.increment();
    const Real* c = model_.capacity();
    const Real* r = model_.over_pivot();
    const Soil& soil = model_.soil();
    const double gamma_dt = model_.gamma_dt();
    const bool is_explicit = model_.form().scheme == Scheme::crank_nicolson && stage == 0;
    for (std::size_t d = 0; d < Width; ++d) {
      const auto [parameter, h] = slots_[d];
      const std::size_t top = soil.horizon_top[h], end = soil.horizon_top[h + 1];
      for (std::size_t i = top; i <= end; ++i) source_[i][d] = 0.0;
      for (std::size_t i = top; i < end; ++i) {
        const double dz = soil.thickness[i];
        if (parameter == Parameter::thermal_conductivity) {
          const Real flux = gamma_dt / dz * (T[i] - T[i + 1]);
          source_[i][d] -= flux;
          source_[i + 1][d] += flux;
        } else {
          source_[i][d] -= 0.5 * dz * D[i];
          source_[i + 1][d] -= 0.5 * dz * D[i + 1];
        }
      }
      for (std::size_t i = top; i <= end; ++i) {
        if (is_explicit)
          source_[i][d] /= c[i];
        else if (i > 0)
          source_[i][d] *= r[i] / gamma_dt;
      }
      if (end == N_ && model_.form().bottom == Bottom::temperature) source_[N_][d] = 0.0;
    }
  }

  // gamma dt dQ/dp at fixed T_0, and the same for the flux at the bottom.
  void set_surface_sources(const SurfaceForcing<Real>& F) {
    if constexpr (in_soil) return;
    const Real& T_0 = model_.temperature()[0];
    for (std::size_t d = 0; d < Width; ++d) {
      surface_source_[d] =
          model_.gamma_dt() * model_.fluxes_dp(slots_[d].parameter, T_0, F).ground();
      bottom_source_[d] = slots_[d].parameter == Parameter::geothermal_flux ? 1.0 : 0.0;
    }
  }

  void explicit_stage(const SurfaceForcing<Real>& F) {
    const Real* c = model_.capacity();
    const Real* k = model_.conductance();
    const Real* T = model_.temperature();
    const Real Q_T = model_.fluxes_dT(T[0], F).ground();
    const double gamma_dt = model_.gamma_dt();
    for (std::size_t d = 0; d < Width; ++d) {
      Real above = Q_T * T_[0][d];
      if constexpr (!in_soil) above += surface_source_[d] / gamma_dt;
      for (std::size_t i = 0; i < N_; ++i) {
        const Real below = k[i] * (T_[i][d] - T_[i + 1][d]);
        R_[i][d] = T_[i][d] + gamma_dt / c[i] * (above - below);
        above = below;
      }
      R_[N_][d] = T_[N_][d];
      if (model_.form().bottom == Bottom::flux) {
        R_[N_][d] += gamma_dt / c[N_] * above;
        if constexpr (!in_soil) R_[N_][d] += gamma_dt / c[N_] * bottom_source_[d];
      }
      if constexpr (in_soil) {
        for (std::size_t i = 0; i <= N_; ++i) R_[i][d] += source_[i][d];
      }
    }
  }

  // One implicit stage into `out`: elimination, row 0, substitution, from base(i) = R_tl of node i.
  template <class Base>
  void solve(Row* out, Base base) {
    const Real* c = model_.capacity();
    const Real* k = model_.conductance();
    const Real* f = model_.from_above();
    const Real* p = model_.from_base();
    const Real* q = model_.from_below();

    Row e = bottom_row(base(N_));
    out[N_] = e;
    for (std::size_t i = N_ - 1; i > 0; --i) {
      const Row R = base(i);
      for (std::size_t d = 0; d < Width; ++d) {
        e[d] = p[i] * R[d] + q[i] * e[d];
        if constexpr (in_soil) e[d] += source_[i][d];
      }
      out[i] = e;
    }

    const Row R = base(0);
    for (std::size_t d = 0; d < Width; ++d) {
      Real b = c[0] * R[d] + model_.gamma_dt() * k[0] * e[d];
      if constexpr (in_soil)
        b += source_[0][d];
      else
        b += surface_source_[d];
      e[d] = model_.surface_inverse() * b;
    }
    out[0] = e;

    for (std::size_t i = 1; i <= N_; ++i) {
      for (std::size_t d = 0; d < Width; ++d) e[d] = out[i][d] + f[i] * e[d];
      out[i] = e;
    }
    latest_ = out;
  }

  Row bottom_row(const Row& R) const {
    Row e{};
    for (std::size_t d = 0; d < Width; ++d) {
      if (model_.form().bottom == Bottom::temperature) {
        e[d] = slots_[d].parameter == Parameter::deep_temperature ? 1.0 : 0.0;
        continue;
      }
      e[d] = model_.from_base()[N_] * R[d];
      if constexpr (in_soil)
        e[d] += source_[N_][d];
      else
        e[d] += model_.over_pivot()[N_] * bottom_source_[d];
    }
    return e;
  }

  const ColumnModel<Real>& model_;
  std::size_t N_;
  std::array<ParameterSlot, Width> slots_{};
  Row* T_ = nullptr;      ///< tangent of T at the end of a step
  Row* R_ = nullptr;      ///< of the first SDIRK stage, or of the base of Crank-Nicolson
  Row* source_ = nullptr; ///< of e_i, from the horizon's own parameters
  Row* latest_ = nullptr; ///< tangent of T after the latest stage
  Row surface_source_{};
  Row bottom_source_{};
};

} // namespace glebe
