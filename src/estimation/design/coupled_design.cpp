// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/design/design.hpp"
#include "glebe/estimation/uncertainty/coupled_covariance.hpp"
#include "glebe/simulation/stream_runs.hpp"

#include <algorithm>

#include "prediction_store.hpp"

namespace glebe {

namespace {

// The scaled blocks of every stream in every window [stream][window][column][k][k], which the
// designs choose from.
class StreamBlocks {
public:
  StreamBlocks(const DesignList& list, const Controls& controls)
      : controls_(controls), n_window_(list.windows.size()),
        size_(controls.per_column() * controls.per_column()),
        blocks_(list.streams.size() * n_window_ * controls.n_column() * size_, 0.0) {}

  void keep(std::size_t column, const std::vector<StreamView>& streams) {
    for (std::size_t s = 0; s < streams.size(); ++s)
      for (std::size_t w = 0; w < n_window_; ++w) {
        const std::vector<double> block = controls_.scaled_block(streams[s].block, w);
        std::copy(block.begin(), block.end(), blocks_.begin() + place(s, w, column));
      }
  }

  std::vector<double> of(const Design& design, std::size_t column) const {
    std::vector<double> sum(size_, 0.0);
    for (const std::size_t s : design.streams)
      for (std::size_t i = 0; i < size_; ++i)
        sum[i] += *(blocks_.begin() + place(s, design.window, column) + std::ptrdiff_t(i));
    return sum;
  }

private:
  std::ptrdiff_t place(std::size_t stream, std::size_t window, std::size_t column) const {
    return std::ptrdiff_t(((stream * n_window_ + window) * controls_.n_column() + column) * size_);
  }

  const Controls& controls_;
  std::size_t n_window_;
  std::size_t size_; ///< of one block
  std::vector<double> blocks_;
};

bool sees_anything(const Ranks& ranks, const StreamBlocks& blocks, const Design& design,
                   std::size_t n_column) {
  bool any = false;
  for (std::size_t c = 0; c < n_column && !any; ++c) {
    const std::vector<double> G = blocks.of(design, c);
    any = std::any_of(G.begin(), G.end(), [](double entry) { return entry != 0.0; });
  }
  return ranks.any(any);
}

} // namespace

Predictions coupled_predict(const Ranks& ranks, const ColumnProblem& problem,
                            const DesignList& list, const Controls& controls, const Prior& prior,
                            const Coupling& coupling, const VerdictContext& context,
                            const RankingRule& rule) {
  const std::size_t n_column = controls.n_column(), m = controls.per_column();
  StreamBlocks blocks(list, controls);
  std::vector<char> failed(n_column, 0);
  agree_on_failure(ranks, [&] {
    view_streams(problem, all_columns(n_column), controls.values(controls.first_guess_of_columns()),
                 controls.directions(), list.windows,
                 [&](std::size_t c, bool fails, const std::vector<StreamView>& streams) {
                   failed[c] = fails;
                   if (!fails) blocks.keep(c, streams);
                 });
  });
  const auto known = [&](std::size_t c, std::size_t k) {
    return !failed[c] || controls.shared(k) || controls.controls()[k].correlation_length > 0.0;
  };
  const std::vector<char> free(controls.n_local(), 1);
  PredictionStore store(list, controls, context, rule);
  for (std::size_t d = 0; d < list.designs.size(); ++d) {
    const Design& design = list.designs[d];
    if (!sees_anything(ranks, blocks, design, n_column)) continue;
    const auto block = [&](std::size_t c) {
      std::vector<double> H = blocks.of(design, c);
      for (std::size_t i = 0; i < m * m; ++i) H[i] += prior.precision()[i];
      hold_unknown(H, m, c, known);
      return H;
    };
    const std::vector<double> covariance =
        coupled_covariance(ranks, controls, coupling, {block, known}, free);
    agree_on_failure(ranks, [&] {
      for (std::size_t c = 0; c < n_column; ++c) {
        const std::vector<double> G = blocks.of(design, c);
        const auto of_column = std::span(covariance).subspan(c * m * m, m * m);
        store.add(d, c, G, precision_beside(of_column, G), knowledge_of(of_column, G));
      }
    });
  }
  return store.result();
}

} // namespace glebe
