// SPDX-License-Identifier: BSD-3-Clause
// The column kernel on one core: time per node, stage and direction, beside the processor's own
// rate of multiply-adds in registers.
#include "glebe/physics/columns/linear_column_tl.hpp"
#include "glebe/physics/columns/modal_column_tl.hpp"
#include "glebe/physics/laws/constant_soil.hpp"

#include <array>

#include "block_case.hpp"

namespace glebe::bench {

namespace {

const BlockCase linear{.parameters = {{Parameter::thermal_conductivity, 0.8},
                                      {Parameter::heat_capacity, 2.2e6},
                                      {Parameter::albedo, 0.2},
                                      {Parameter::emissivity, 0.95},
                                      {Parameter::heat_transfer, 15.0},
                                      {Parameter::deep_temperature, 293.0}}};

template <Column C>
double linear_steps(std::size_t n_node, std::size_t n_step, std::span<const Direction> directions) {
  BlockCase block = linear;
  block.n_node = n_node;
  return time_steps<C>(block, n_step, directions);
}

} // namespace

// Independent chains of multiply-adds that never leave the registers, from values that the compiler
// cannot know.
double peak_flops() {
  constexpr std::size_t n_chain = 12; // latency 4 times two units, and some to spare
  constexpr std::size_t n_round = 10'000'000;
  struct {
    Lanes a{0.999999}, b{1e-6};
    std::array<Lanes, n_chain> chain;
  } work;
  for (std::size_t i = 0; i < n_chain; ++i) work.chain[i] = Lanes(double(i));
  const double seconds = time([&] {
    touch(&work);
    const Lanes a = work.a, b = work.b;
    auto chain = work.chain;
    for (std::size_t round = 0; round < n_round; ++round)
      for (Lanes& x : chain) x = fma(x, a, b);
    work.chain = chain;
    touch(&work);
  });
  return 2.0 * double(n_chain * n_round * Lanes::size()) / seconds;
}

// Columns whose work space lies within level 1 of most processors, and the paper's.
void kernel(Report& report) {
  constexpr std::size_t n_step = 2400, n_stage = 2;
  // Per node, stage and direction, of modes: 4 multiply-adds in each direction and in the model, 5
  // and 10 other operations for all directions of a group with two of the soil; two stages.
  constexpr double flops_per_unit = (2.0 * (5 * 4 + 4 + 5) + 10.0) / (5.0 * n_stage);
  using Modes = ModalColumn<ConstantSoil<Lanes>>;
  using Rows = LinearColumn<Lanes>;
  const std::vector<Direction> five{{{Parameter::thermal_conductivity}},
                                    {{Parameter::heat_capacity}},
                                    {{Parameter::albedo}},
                                    {{Parameter::heat_transfer}},
                                    {{Parameter::deep_temperature}}};
  for (const std::size_t n_node : {51, 101}) {
    const double units = double(n_node * n_step * n_stage * Lanes::size());
    std::vector<double> peak, forward, both, ratio, rows, rows_forward;
    for (std::int64_t n = option("-bench_repetitions", 5); n > 0; --n) {
      peak.push_back(peak_flops() / 1e9);
      forward.push_back(1e9 * linear_steps<Modes>(n_node, n_step, {}) / units);
      both.push_back(1e9 * linear_steps<Modes>(n_node, n_step, five) / (5.0 * units));
      ratio.push_back(flops_per_unit / both.back() / peak.back());
      rows_forward.push_back(1e9 * linear_steps<Rows>(n_node, n_step, {}) / units);
      rows.push_back(1e9 * linear_steps<Rows>(n_node, n_step, five) / (5.0 * units));
    }
    Figures figures{{"nodes", double(n_node)}};
    add_spread(figures, "peak_gflops", peak);
    add_spread(figures, "forward_ns_per_node_stage", forward);
    add_spread(figures, "ns_per_node_stage_direction", both);
    add_spread(figures, "ratio_to_peak", ratio);
    add_spread(figures, "rows_forward_ns_per_node_stage", rows_forward);
    add_spread(figures, "rows_ns_per_node_stage_direction", rows);
    report.add("kernel", figures);
  }
}

} // namespace glebe::bench
