// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/output/conflict_output.hpp"

#include "glebe/app/output/stream_output.hpp"

#include <fmt/ranges.h>

#include <cmath>
#include <functional>

namespace glebe {

namespace {

struct Written {
  StreamResult result;
  std::function<double(const ResidualShape&)> value;
};

std::vector<Written> all_written() {
  std::vector<Written> all;
  for (const auto& [result, shape] : {std::pair{StreamResult::misfit_offset, Shape::offset},
                                      std::pair{StreamResult::misfit_drift, Shape::drift},
                                      std::pair{StreamResult::misfit_lag, Shape::lag},
                                      std::pair{StreamResult::misfit_depth, Shape::depth},
                                      std::pair{StreamResult::misfit_amplitude, Shape::amplitude},
                                      std::pair{StreamResult::misfit_exchange, Shape::exchange}})
    all.push_back({result, [shape = shape](const ResidualShape& of) { return of.part[shape]; }});
  all.push_back({StreamResult::model_lag, &ResidualShape::lag});
  all.push_back({StreamResult::model_amplitude, &ResidualShape::amplitude});
  return all;
}

} // namespace

void define_conflicts(OutputFile& file, const Case& inputs) {
  for (const Stream& stream : inputs.observations.streams)
    if (stream.has_values())
      for (const Written& one : all_written())
        file.define(stream_variable(one.result, stream.settings));
}

void describe_conflicts(OutputFile& file, const Conflicts& conflicts) {
  if (!conflicts.lines.empty())
    file.attribute("", "conflicts", fmt::format("{}", fmt::join(conflicts.lines, "\n")));
  if (!conflicts.closure) return;
  const auto write = [&](const char* name, double value) {
    if (!std::isnan(value)) file.attribute("", name, value);
  };
  write("closure_ratio", conflicts.closure->all().ratio());
  write("closure_ratio_day", conflicts.closure->day().ratio());
  write("closure_missing_day", conflicts.closure->day().mean_missing());
  write("closure_missing_night", conflicts.closure->night.mean_missing());
}

void write_conflicts(OutputFile& file, const Case& inputs, const Conflicts& conflicts) {
  const std::vector<Stream>& streams = inputs.observations.streams;
  for (std::size_t s = 0; s < streams.size(); ++s) {
    if (!streams[s].has_values()) continue;
    for (const Written& one : all_written()) {
      std::vector<double> values;
      for (std::size_t c = 0; c < conflicts.shape.n_row(); ++c)
        values.push_back(one.value(conflicts.shape(c, s)));
      file.write(name_of(one.result, streams[s].settings.name), values);
    }
  }
}

} // namespace glebe
