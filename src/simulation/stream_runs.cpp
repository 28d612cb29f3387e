// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/simulation/stream_runs.hpp"

#include "glebe/simulation/runners.hpp"

#include <cmath>

#include "blocks.hpp"

namespace glebe {

namespace {

constexpr double same_time = 1e-3; ///< [s]

// For every observation of a stream, the windows that it lies in.
std::vector<std::vector<std::size_t>> windows_of(const Stream& stream,
                                                 std::span<const TimeInterval> windows) {
  std::vector<std::vector<std::size_t>> found(stream.intervals.size());
  for (std::size_t k = 0; k < found.size(); ++k)
    for (std::size_t w = 0; w < windows.size(); ++w)
      if (stream.intervals[k].begin > windows[w].begin - same_time &&
          stream.intervals[k].end < windows[w].end + same_time)
        found[k].push_back(w);
  return found;
}

// Receives the model equivalents of one block of lanes.
class Collector final : public EquivalentSink<Lanes> {
public:
  /// `order` says which direction stands where in what the runner hands over.
  Collector(const ColumnProblem& problem, std::span<const TimeInterval> windows,
            std::span<const std::size_t> order)
      : observations_(problem.observations), n_window_(windows.size()), m_(order.size()),
        order_(order), S_(order.size()) {
    for (const Stream& stream : observations_.streams) {
      Part part;
      part.windows = windows_of(stream, windows);
      part.residual.resize(stream.times.size());
      part.block.resize(windows.size() * n_pair());
      part.memory = stream.value.empty() || stream.fitted() ? stream.error_memory() : 0.0;
      if (part.memory > 0.0) part.whitened.resize(part.residual.size());
      parts_.push_back(std::move(part));
    }
  }

  void start(std::span<const std::size_t> columns) {
    for (std::size_t s = 0; s < parts_.size(); ++s) {
      Part& part = parts_[s];
      const Stream& stream = observations_.streams[s];
      std::fill(part.residual.begin(), part.residual.end(), Lanes(std::nan("")));
      std::fill(part.block.begin(), part.block.end(), Lanes(0.0));
      if (part.memory > 0.0) forget(part);
      if (stream.value.empty()) continue;
      const std::size_t n = stream.times.size(), lanes = observations_.lanes;
      part.value = gather_lanes(stream.value, n, lanes, columns, part.values);
      part.inverse_sigma = gather_lanes(stream.inverse_sigma, n, lanes, columns, part.sigmas);
    }
  }

  void take(std::size_t s, std::size_t k, std::span<const Lanes> equivalent) override {
    // Directions that have not started are zero, and not handed over.
    std::fill(S_.begin(), S_.end(), Lanes(0.0));
    for (std::size_t d = 0; d + 1 < equivalent.size(); ++d) S_[order_[d]] = equivalent[1 + d];
    Part& part = parts_[s];
    const Stream& stream = observations_.streams[s];
    if (stream.value.empty())
      return add(part, stream, k, Mask<Lanes>(false), 1.0 / *stream.settings.sigma);
    const std::size_t position = k * Lanes::size();
    const Lanes inverse_sigma = load<Lanes>(part.inverse_sigma + position);
    const auto missing = less_than(inverse_sigma, 1e-30);
    const Lanes r = Lanes(equivalent[0] - load<Lanes>(part.value + position)) * inverse_sigma;
    part.residual[k] = select(missing, Lanes(std::nan("")), r);
    if (!stream.fitted()) return;
    if (part.memory > 0.0)
      part.whitened[k] = select(missing, Lanes(std::nan("")),
                                part.of_residual->take(stream.middle(k), missing, inverse_sigma,
                                                       select(missing, Lanes(0.0), r), {})[0]);
    Lanes weight = inverse_sigma; // the root of the observation's weight
    if (stream.settings.loss == Loss::huber)
      for (std::size_t i = 0; i < Lanes::size(); ++i)
        if (std::abs(r[i]) > stream.settings.huber_threshold)
          weight[i] *= std::sqrt(stream.settings.huber_threshold / std::abs(r[i]));
    add(part, stream, k, missing, select(missing, Lanes(0.0), weight));
  }

  /// Of streams without values, which are designed, and of those that are fitted.
  bool wants_tangents(std::size_t s) const override {
    const Stream& stream = observations_.streams[s];
    return stream.value.empty() || stream.fitted();
  }

  /// The streams of lane i.
  const std::vector<StreamView>& view(std::size_t i) {
    views_.resize(parts_.size());
    for (std::size_t s = 0; s < parts_.size(); ++s) {
      const Part& part = parts_[s];
      StreamView& view = views_[s];
      unpack(part.residual, i, view.residual);
      unpack(part.whitened, i, view.whitened);
      view.block = DenseBlocks(n_window_, m_);
      std::size_t pair = 0;
      for (std::size_t w = 0; w < n_window_; ++w)
        for (std::size_t d = 0; d < m_; ++d)
          for (std::size_t e = 0; e <= d; ++e, ++pair)
            view.block[w](d, e) = view.block[w](e, d) = part.block[pair][i];
    }
    return views_;
  }

private:
  struct Part {
    std::vector<std::vector<std::size_t>> windows; ///< [observation]
    std::vector<double> values;
    std::vector<float> sigmas;
    const double* value = nullptr;
    const float* inverse_sigma = nullptr;
    std::vector<Lanes> residual; ///< [observation]
    std::vector<Lanes> block;    ///< [window][pair]
    double memory = 0.0;         ///< [s]
    std::vector<Lanes> whitened; ///< [observation], where there is a memory
    std::optional<Whitening<Lanes>> of_residual;
    std::vector<Whitening<Lanes>> of_window; ///< [window]
  };

  void forget(Part& part) const {
    part.of_residual.emplace(part.memory, 0);
    part.of_window.assign(n_window_, Whitening<Lanes>(part.memory, m_));
    std::fill(part.whitened.begin(), part.whitened.end(), Lanes(std::nan("")));
  }

  static void unpack(const std::vector<Lanes>& from, std::size_t i, std::vector<double>& to) {
    to.resize(from.size());
    for (std::size_t k = 0; k < from.size(); ++k) to[k] = from[k][i];
  }

  std::size_t n_pair() const { return m_ * (m_ + 1) / 2; }

  void add(Part& part, const Stream& stream, std::size_t k, const Mask<Lanes>& missing,
           const Lanes& weight) const {
    for (const std::size_t w : part.windows[k]) {
      Lanes* block = part.block.data() + w * n_pair();
      if (part.memory > 0.0) {
        const std::span<const Lanes> white =
            part.of_window[w].take(stream.middle(k), missing, weight, Lanes(0.0), S_);
        for (std::size_t d = 1; d < white.size(); ++d)
          for (std::size_t e = 1; e <= d; ++e) *block++ += white[d] * white[e];
        continue;
      }
      for (std::size_t d = 0; d < m_; ++d) {
        const Lanes scaled = weight * S_[d];
        for (std::size_t e = 0; e <= d; ++e) *block++ += scaled * weight * S_[e];
      }
    }
  }

  const Observations& observations_;
  std::size_t n_window_;
  std::size_t m_;
  std::span<const std::size_t> order_;
  std::vector<Lanes> S_; ///< tangents of one observation, by direction
  std::vector<Part> parts_;
  std::vector<StreamView> views_;
};

// Hands every equivalent to both.
class MisfitAndStreams final : public EquivalentSink<Lanes> {
public:
  MisfitAndStreams(Misfit<Lanes>& misfit, Collector& streams)
      : misfit_(misfit), streams_(streams) {}

  void take(std::size_t s, std::size_t k, std::span<const Lanes> equivalent) override {
    misfit_.take(s, k, equivalent);
    streams_.take(s, k, equivalent);
  }

private:
  Misfit<Lanes>& misfit_;
  Collector& streams_;
};

} // namespace

Evaluation run_and_view_streams(const ColumnProblem& problem, std::span<const std::size_t> columns,
                                const DenseMatrix& values, std::span<const Direction> directions,
                                const RunVisitor& visit) {
  Evaluation result(columns.size(), directions.size(), problem.n_stream());
  const auto runner = make_block_runner<Lanes>(problem, directions);
  std::vector<Lanes> packed(problem.schedule.n_value());
  BlockObservations observations(problem.observations);
  const TimeInterval all{0.0, problem.time.length()};
  Collector collector(problem, {&all, 1}, runner->order());
  for_each_block(problem, columns, [&](std::size_t first, std::span<const std::size_t> block) {
    Misfit<Lanes> misfit(observations.of(block), directions.size());
    collector.start(block);
    MisfitAndStreams both(misfit, collector);
    pack(values.row(Eigen::Index(first)).data(), block.size(), packed);
    const Mask<Lanes> failed = runner->run(block, packed, both);
    unpack_misfits(misfit, runner->order(), failed, first, block.size(), result);
    for (std::size_t i = 0; i < block.size(); ++i) visit(first + i, failed[i], collector.view(i));
  });
  return result;
}

void view_streams(const ColumnProblem& problem, std::span<const std::size_t> columns,
                  const DenseMatrix& values, std::span<const Direction> directions,
                  std::span<const TimeInterval> windows, const RunVisitor& visit) {
  const auto runner = make_block_runner<Lanes>(problem, directions);
  std::vector<Lanes> packed(problem.schedule.n_value());
  Collector collector(problem, windows, runner->order());
  for_each_block(problem, columns, [&](std::size_t first, std::span<const std::size_t> block) {
    collector.start(block);
    pack(values.row(Eigen::Index(first)).data(), block.size(), packed);
    const Mask<Lanes> failed = runner->run(block, packed, collector);
    for (std::size_t i = 0; i < block.size(); ++i) visit(first + i, failed[i], collector.view(i));
  });
}

} // namespace glebe
