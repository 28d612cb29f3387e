// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/app/output/stream_output.hpp"

#include "glebe/base/error.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace glebe {

void describe_window(OutputFile& file, const ModelTime& time) {
  file.attribute("", "time_coverage_start", time.text(0.0));
  file.attribute("", "time_coverage_end", time.text(time.length()));
  file.attribute("", "time_coverage_resolution", fmt::format("PT{:g}S", time.step));
}

void describe_warnings(OutputFile& file, const Case& inputs) {
  if (!inputs.warnings.empty())
    file.attribute("", "input_warnings", fmt::format("{}", fmt::join(inputs.warnings, "\n")));
  const std::string logged =
      inputs.ranks.broadcast_from_root(fmt::format("{}", fmt::join(inputs.log.warnings(), "\n")));
  if (!logged.empty()) file.attribute("", "warnings", logged);
}

GridVariable stream_variable(StreamResult result, const ObservationSettings& stream) {
  const StreamResultInfo& row = info(result);
  const std::string unit = row.unit;
  return {name_of(result, stream.name), unit == of_stream ? info(stream.kind).unit : unit,
          fmt::format(fmt::runtime(row.long_name), stream.name)};
}

static void define_stream(OutputFile& file, std::span<const Stream> streams, std::size_t stream,
                          const std::string& name, const std::string& long_name) {
  const ObservationSettings& settings = streams[stream].settings;
  const ObservationKindInfo& kind = info(settings.kind);
  const std::string axis = time_axis_names(streams)[stream];
  GridVariable variable{name, kind.unit, long_name, kind.standard_name, {axis}};
  if (settings.depth) variable.coordinate = name_of(StreamResult::depth, settings.name);
  file.define(variable);
  if (settings.depth) {
    file.attribute(name, "depth", *settings.depth);
    file.attribute(name, "depth_units", "m");
  }
  file.attribute(name, "cell_methods",
                 axis + (streams[stream].interval > 0.0 ? ": mean" : ": point"));
}

void define_streams(OutputFile& file, std::span<const Stream> streams, const ModelTime& time) {
  const std::vector<std::string> axes = time_axis_names(streams);
  for (std::size_t s = 0; s < streams.size(); ++s) {
    if (streams[s].times.empty())
      throw InputError(fmt::format("{}: no time of the stream '{}' lies in the window, so that its "
                                   "series cannot be written",
                                   streams[s].settings.where(), streams[s].settings.name));
    if (std::find(axes.begin(), axes.begin() + std::ptrdiff_t(s), axes[s]) ==
        axes.begin() + std::ptrdiff_t(s))
      file.define_time(axes[s], streams[s], time);
    const ObservationSettings& settings = streams[s].settings;
    if (settings.depth) {
      const GridVariable depth = stream_variable(StreamResult::depth, settings);
      file.define_depth(depth.name, *settings.depth, depth.long_name);
    }
    define_stream(file, streams, s, settings.name, info(settings.kind).long_name);
  }
}

void define_observed(OutputFile& file, std::span<const Stream> streams, std::size_t stream) {
  const ObservationSettings& settings = streams[stream].settings;
  define_stream(file, streams, stream, name_of(StreamResult::observed, settings.name),
                fmt::format(fmt::runtime(info(StreamResult::observed).long_name),
                            info(settings.kind).long_name));
}

void write_stream_times(OutputFile& file, std::span<const Stream> streams) {
  const std::vector<std::string> axes = time_axis_names(streams);
  std::set<std::string> written;
  for (std::size_t s = 0; s < streams.size(); ++s)
    if (written.insert(axes[s]).second) file.write_time(axes[s], streams[s]);
}

} // namespace glebe
