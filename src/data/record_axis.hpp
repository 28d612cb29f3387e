// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/config/settings.hpp"
#include "glebe/data/file_series.hpp"
#include "glebe/data/model_time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace glebe {

/// What the time stamps of a series stand for.
struct StampMeaning {
  Stamp stamp = Stamp::instant;
  std::optional<double> interval; ///< [s]; the spacing of the records unless given
};

/// Records of a series in and around the window of a run, their stamps moved onto the regular axis
/// that they are meant to lie on.
struct Records {
  std::size_t first = 0;     ///< of the series
  std::vector<double> times; ///< [s]
  double interval = 0.0;     ///< [s] over which a value is a mean, or between instants
};

/// What the file of a variable says its stamps stand for: by `cell_methods` instants, by the bounds
/// of its time the start, middle or end of an interval. Throws InputError when it says neither.
/// Collective.
Stamp stamp_of_file(const FileSeries& files, const std::string& variable, const ModelTime& time);

/// The records up to `margin` [s] outside the window. Instants may be irregular, and so may means
/// whose interval is given, if `may_be_irregular`. Stamps that were moved by more than rounding are
/// said in the log. Throws InputError for means whose times lie on no regular axis, and when the
/// bounds of the file's times contradict the stamp.
Records select_records(const FileSeries& files, const std::string& variable,
                       const StampMeaning& meaning, const ModelTime& time, double margin,
                       bool may_be_irregular);

} // namespace glebe
