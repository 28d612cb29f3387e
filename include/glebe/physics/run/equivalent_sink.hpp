// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <span>
#include <utility>

namespace glebe {

/// Receives the model equivalents of the observations of a run.
template <class Real>
class EquivalentSink {
public:
  virtual ~EquivalentSink() = default;
  /// equivalent[0] is the value and equivalent[1 + d] its derivative in direction d, directions
  /// counted through all tangents. It ends with the directions that have started; the derivatives
  /// in all others are zero.
  virtual void take(std::size_t stream, std::size_t observation,
                    std::span<const Real> equivalent) = 0;
  /// Whether it looks at the derivatives of a stream; of others it receives the value alone.
  virtual bool wants_tangents(std::size_t) const { return true; }
};

/// A sink that calls action(stream, observation, equivalent).
template <class Real, class Action>
class ActionSink final : public EquivalentSink<Real> {
public:
  explicit ActionSink(Action action) : action_(std::move(action)) {}
  void take(std::size_t stream, std::size_t observation,
            std::span<const Real> equivalent) override {
    action_(stream, observation, equivalent);
  }

private:
  Action action_;
};

template <class Real, class Action>
ActionSink<Real, Action> make_sink(Action action) {
  return ActionSink<Real, Action>(std::move(action));
}

} // namespace glebe
