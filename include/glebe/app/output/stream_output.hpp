// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/app/case/case.hpp"

namespace glebe {

/// Writes the window and the step of a run as global attributes: time_coverage_..., ISO 8601, by
/// the Attribute Convention for Data Discovery. Collective.
void describe_window(OutputFile& file, const ModelTime& time);

/// Writes what was found wrong with the inputs, one line each, as the attribute `input_warnings`,
/// and all warnings that the log has so far, these included, as `warnings`; nothing where there are
/// none. Collective.
void describe_warnings(OutputFile& file, const Case& inputs);

/// The variable of a result of one stream without time.
GridVariable stream_variable(StreamResult result, const ObservationSettings& stream);

/// Defines the time axes of all streams and one variable per stream. Collective.
void define_streams(OutputFile& file, std::span<const Stream> streams, const ModelTime& time);

/// Defines a variable for the observed values of one stream. Collective.
void define_observed(OutputFile& file, std::span<const Stream> streams, std::size_t stream);

/// Writes the time axes of all streams. Collective.
void write_stream_times(OutputFile& file, std::span<const Stream> streams);

} // namespace glebe
