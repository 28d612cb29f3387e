// SPDX-License-Identifier: BSD-3-Clause
// Soil whose properties do not depend on its state: vertex-centred finite volumes in depth,
// implicit stages in time, one scalar Newton iteration at the surface. linear_column_tl.hpp is its
// tangent-linear, linear_column_ad.hpp its adjoint.
//
//   c_i dT_i/dt = k_(i-1) (T_(i-1) - T_i) - k_i (T_i - T_(i+1))
//   row 0: the first term is Q(T_0); row N: T_N = T_b, or the second term is -q_b
//
// Element i lies between nodes i and i + 1. A stage is solved for its increment D, which T gains:
//
//   first stage    c D = gamma dt (net heat flux at T + D)
//   second stage   c (D - (a - 1) D_first) = gamma dt (net heat flux at T + D)
//
// where c D_first = gamma dt (net heat flux at T), T being the result of the first stage, so that
// in the soil the second is c (D - a D_first) = gamma dt (change of the net heat flux by D). The
// memory a step touches sets its pace: only T and D are kept from stage to stage, and one number
// per node of the factors, so that five directions on 100 nodes stay near the processor.
//
// Parameters are constant within a step. Where one varies in time, set_step() gives it the value of
// the step, and the stages know nothing of it.
//
// Inside the kernel temperatures are in degC: conduction is indifferent to the origin, and the
// small differences between neighbouring nodes and times, from which all sensitivities to the soil
// arise, keep four more binary digits than in kelvin.
#pragma once

#include "glebe/physics/columns/column_ends.hpp"
#include "glebe/physics/columns/conduction_rows.hpp"
#include "glebe/physics/laws/surface.hpp"
#include "glebe/physics/parameter_schedule.hpp"
#include "glebe/physics/scheme.hpp"
#include "glebe/physics/soil.hpp"

#include <vector>

namespace glebe {

template <class Real, std::size_t Width, std::size_t n_soil>
class LinearColumnTl;
template <class Real>
class LinearColumnAd;
struct LinearCheckpointLayout;
template <class Real>
class LinearCheckpoint;

/// See the concept Column, whose operations it has.
template <class RealType>
class LinearColumn {
public:
  using Real = RealType;
  template <std::size_t Width, std::size_t n_soil>
  using TangentGroup = LinearColumnTl<Real, Width, n_soil>;
  using Adjoint = LinearColumnAd<Real>;
  using CheckpointLayout = LinearCheckpointLayout;
  using Checkpoint = LinearCheckpoint<Real>;

  static constexpr double newton_tolerance = 1e-10; ///< [K]
  static constexpr int newton_iterations = 20;

  /// `soil` and `schedule` outlive it.
  LinearColumn(const ModelForm& form, const Soil& soil, const ParameterSchedule& schedule)
      : form_(form), soil_(soil), schedule_(schedule), scheme_(table(form.scheme)),
        N_(soil.n_node() - 1), gamma_dt_(scheme_.gamma * form.dt),
        a_(form.scheme == Scheme::sdirk2 ? (1.0 - alexander_gamma) / alexander_gamma : 2.0),
        memory_(2 * soil.n_node() + layout().size()), T_(memory_.data()), own_D_(T_ + N_ + 1),
        D_(own_D_), now_(own_D_ + N_ + 1), surface_(form.surface, layout(), now_),
        ends_(form_, layout(), now_), rows_(soil, form.bottom, gamma_dt_) {}
  LinearColumn(const LinearColumn&) = delete;
  LinearColumn& operator=(const LinearColumn&) = delete;

  void set_parameters(const Real* values) {
    values_ = values;
    for (std::size_t slot = 0; slot < layout().size(); ++slot) now_[slot] = values[slot];
    for (const VaryingSlot& one : schedule_.varying) now(one.slot) = in_step(one, 0);
    step_ = 0;
    rows_.set(layout(), now_);
    failed_ = Mask<Real>(false);
  }

  void set_step(std::size_t step) {
    if (!schedule_.varies()) return;
    bool soil = false;
    for (const VaryingSlot& one : schedule_.varying) {
      if (one.at_step[step] == one.at_step[step_]) continue;
      now(one.slot) = in_step(one, step);
      soil = soil || info(one.slot.parameter).place == Place::horizon;
    }
    step_ = step;
    if (soil) rows_.set(layout(), now_);
    if (ends_.fixed_bottom() && !ends_.has_measured_bottom()) T_[N_] = ends_.deep_temperature();
  }

  void start(const Inputs<Real>& F) {
    set_ends(F);
    set_initial_profile();
    if (ends_.fixed_top()) T_[0] = ends_.top_temperature(F);
    if (ends_.fixed_bottom()) T_[N_] = T_b_;
  }

  void advance(std::size_t stage, const Inputs<Real>& F) { advance(stage, F, own_D_, nullptr); }

  /// The same; D_i goes to `D` [n_node], from which the next stage may start. Where the increment
  /// of the surface temperature is known from an earlier run of this stage, `known_D_0`, there is
  /// nothing to iterate, and the result is the same to the last bit.
  void advance(std::size_t stage, const Inputs<Real>& F, Real* D, const Real* known_D_0) {
    const Real* const first_D = D_;
    const Real first_q_b = q_b_;
    D_ = D;
    set_ends(F);
    if (stage == 0 && form_.scheme == Scheme::crank_nicolson) return explicit_stage(F);
    const Real r = stage == 0 ? start_first_stage() : start_second_stage(first_D, first_q_b);
    if (ends_.fixed_top())
      D_[0] = ends_.top_temperature(F) - T_[0];
    else
      solve_surface(F, r, known_D_0);
    substitute();
  }

  /// Nothing: its factors do not depend on the state.
  void linearise(std::size_t, const Inputs<Real>&) {}

  const ModelForm& form() const { return form_; }
  const Soil& soil() const { return soil_; }
  const ParameterSchedule& schedule() const { return schedule_; }
  /// The step whose parameters the column has; zero where none varies.
  std::size_t step() const { return step_; }
  const ParameterLayout& layout() const { return schedule_.layout; }
  const SchemeTable& scheme() const { return scheme_; }
  std::size_t last_node() const { return N_; }
  double gamma_dt() const { return gamma_dt_; }

  /// a: how far the second stage starts from, in increments of the first.
  double second_start() const { return a_; }
  /// The value of a parameter in the present step, in its unit; stays where it is.
  const Real& parameter(const ParameterSlot& slot) const {
    return now_[layout().position(slot.parameter, slot.index)];
  }
  const Surface<Real>& surface() const { return surface_; }

  /// The heat flux into the first node at T_0 [degC], where its temperature is not given [W m-2].
  Real top_flux(const Real& T_0, const Inputs<Real>& F) const {
    return ends_.has_top_flux() ? ends_.top_flux(F) : surface_.ground(T_0, F);
  }
  const ColumnEnds<Real>& ends() const { return ends_; }

  Real* temperature() { return T_; }                    ///< T_i [degC]
  const Real* temperature() const { return T_; }        ///< T_i [degC]
  const Real& top_temperature() const { return T_[0]; } ///< [degC]
  Real temperature_at(const Interpolation& place) const { return value_at(T_, place); }
  std::span<Real> state() { return {T_, N_ + 1}; }
  /// The downward heat flux in element i [W m-2], and between these temperatures.
  Real element_flux(std::size_t i) const { return element_flux(i, T_[i], T_[i + 1]); }
  Real element_flux(std::size_t i, const Real& T, const Real& T_below) const {
    return rows_.conductance()[i] * (T - T_below);
  }
  /// The increment of the surface temperature in the latest stage [K].
  const Real& surface_increment() const { return D_[0]; }
  const Mask<Real>& failed() const { return failed_; }

  const ConductionRows<Real>& rows() const { return rows_; }
  const Real* increment() const { return D_; } ///< D_i of the latest stage [K]
  /// 1 / (d row 0 / d T_0) at the end of the latest stage [m2 K J-1]; zero where nothing that acts
  /// on the first node changes its temperature. What only derivatives need costs a run nothing.
  Real surface_inverse(const Inputs<Real>& F) const {
    if (ends_.fixed_top()) return 0.0;
    const Real a = rows_.surface_pivot(), gamma_dt = gamma_dt_;
    if (ends_.has_top_flux()) return 1.0 / a;
    return 1.0 / fma(-gamma_dt, surface_.ground_slope(T_[0], F), a);
  }

private:
  Real& now(const ParameterSlot& slot) {
    return now_[layout().position(slot.parameter, slot.index)];
  }
  Real in_step(const VaryingSlot& one, std::size_t step) const {
    return one.at_step[step].between(values_ + one.first);
  }

  void set_ends(const Inputs<Real>& F) {
    T_b_ = ends_.bottom_temperature(F);
    q_b_ = -ends_.bottom_flux(F);
  }

  // deep_temperature everywhere, or the profile between the knots.
  void set_initial_profile() {
    const Real deep = ends_.deep_temperature();
    for (std::size_t i = 0; i <= N_; ++i) T_[i] = deep;
    if (soil_.knot_depth.empty()) return;
    const Real* knot = now_ + layout().position(Parameter::initial_temperature);
    for (std::size_t i = 0; i <= N_; ++i) {
      const auto [j, w] = interpolate(soil_.knot_depth, soil_.depth[i]);
      T_[i] = w > 0.0 ? Real((1.0 - w) * knot[j] + w * knot[j + 1]) : knot[j];
      T_[i] -= freezing_temperature;
    }
  }

  // c D = gamma dt (net heat flux at T), at the start of the step.
  void explicit_stage(const Inputs<Real>& F) {
    const Real* c = rows_.capacity();
    Real above = ends_.fixed_top() ? Real(0.0) : top_flux(T_[0], F);
    for (std::size_t i = 0; i < N_; ++i) {
      const Real below = element_flux(i);
      D_[i] = gamma_dt_ / c[i] * (above - below);
      above = below;
    }
    D_[N_] = !ends_.fixed_bottom() ? Real(gamma_dt_ / c[N_] * (above + q_b_)) : Real(0.0);
  }

  // c D = gamma dt (net heat flux at T + D), D_i = e_i + f_i D_(i-1): leaves e_i in D_i for i > 0.
  // Returns r of row 0: see solve_surface().
  Real start_first_stage() {
    Real below = T_[N_ - 1] - T_[N_];
    Real e = T_b_ - T_[N_];
    if (!ends_.fixed_bottom())
      e = rows_.weights(N_).f * below + rows_.weight(N_) * gamma_dt_ / rows_.capacity()[N_] * q_b_;
    D_[N_] = e;
    struct Below {
      Real e, dT;
    };
    rows_.upwards(
        Below{e, below},
        [T = T_, D = D_](std::size_t i, const RowWeights<Real>& w, const Below& row) -> Below {
          const Real above = T[i - 1] - T[i];
          const Real e_here = fma(w.q, row.e, fma(w.f, above, -(w.q * row.dT)));
          D[i] = e_here;
          return {e_here, above};
        });
    return 0.0;
  }

  // c (D - a D_first) = gamma dt (change of the net heat flux by D), likewise.
  Real start_second_stage(const Real* first_D, const Real& first_q_b) {
    const Real r = (a_ - 1.0) * first_D[0];
    Real e = T_b_ - T_[N_];
    if (!ends_.fixed_bottom()) {
      e = a_ * rows_.weight(N_) * first_D[N_];
      if (ends_.has_measured_bottom())
        e += rows_.weight(N_) * gamma_dt_ / rows_.capacity()[N_] * (q_b_ - first_q_b);
    }
    D_[N_] = e;
    rows_.upwards(e, [D = D_, first_D, a = a_](std::size_t i, const RowWeights<Real>& w,
                                               const Real& e_below) {
      const Real e_here = fma(w.q, e_below, a * w.p * first_D[i]);
      D[i] = e_here;
      return e_here;
    });
    return r;
  }

  // Row 0, c (D_0 - r) = gamma dt (Q(T_0 + D_0) - k_0 (T_0 + D_0 - T_1 - D_1)), is monotone in D_0.
  // A lane that has converged moves no more, so that it does not depend on its neighbours.
  void solve_surface(const Inputs<Real>& F, const Real& r, const Real* known_D_0) {
    const Real b =
        fma(rows_.capacity()[0], r, gamma_dt_ * rows_.conductance()[0] * (T_[1] - T_[0] + D_[1]));
    if (ends_.has_top_flux()) return take_flux(b, ends_.top_flux(F));
    if (known_D_0) {
      D_[0] = *known_D_0;
      return;
    }
    const FirstRow<Real> row{rows_.surface_pivot(), b, gamma_dt_};
    const Root<Real> D_0 = surface_.increment(T_[0], row, F, newton_tolerance, newton_iterations);
    failed_ = failed_ || !D_0.found;
    D_[0] = D_0.x;
  }

  // Row 0 where the flux into it is given.
  void take_flux(const Real& b, const Real& Q) {
    D_[0] = 1.0 / rows_.surface_pivot() * fma(Real(gamma_dt_), Q, b);
  }

  // D_i = e_i + f_i D_(i-1), and T gains D.
  void substitute() {
    T_[0] += D_[0];
    rows_.downwards(D_[0],
                    [T = T_, D = D_](std::size_t i, const RowWeights<Real>& w, const Real& above) {
                      const Real here = fma(w.f, above, D[i]);
                      D[i] = here;
                      T[i] += here;
                      return here;
                    });
  }

  ModelForm form_;
  const Soil& soil_;
  const ParameterSchedule& schedule_;
  SchemeTable scheme_;
  std::size_t N_;
  double gamma_dt_;
  double a_;
  std::vector<Real> memory_;
  Real *T_, *own_D_, *D_; // state, room for increments, those of the latest stage
  Real* now_;             // values of the present step, in the order of the layout
  Surface<Real> surface_; // which views them
  ColumnEnds<Real> ends_; // likewise
  ConductionRows<Real> rows_;
  const Real* values_ = nullptr; // of all steps
  std::size_t step_ = 0;         // the present one, where any varies
  Real T_b_{}, q_b_{};
  Mask<Real> failed_{false};
};

} // namespace glebe
