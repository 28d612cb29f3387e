// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/log.hpp"
#include "glebe/config/settings.hpp"
#include "glebe/data/lane_gather.hpp"
#include "glebe/data/memory_budget.hpp"
#include "glebe/data/model_time.hpp"
#include "glebe/grid/columns.hpp"
#include "glebe/physics/run/simulate.hpp"

#include <memory>
#include <vector>

namespace glebe {

class FileSeries;

/// The forcing of this rank's columns as float32, [block][record][variable][lane], and the records
/// that every model time lies between. The last lanes of the last block repeat the last column.
class Forcing {
public:
  Forcing(std::vector<double> record_times, std::vector<ForcingPoint> points, std::size_t n_column,
          std::size_t lanes);

  std::size_t n_record() const { return record_times_.size(); }
  std::size_t n_column() const { return n_column_; }
  std::size_t lanes() const { return lanes_; }
  const std::vector<ForcingPoint>& points() const { return points_; }

  /// One variable (numbered as in SurfaceForcing) of one column: record i at [i * stride()].
  float* series_of(std::size_t variable, std::size_t column);
  std::size_t stride() const { return forcing_variable_count * lanes_; }
  /// Gives the lanes after the last column its values. Call when all is set.
  void pad_lanes();

  /// The forcing of some columns side by side, as many as Real has lanes or fewer; it may use
  /// `buffer`. Real must have as many lanes as this object.
  template <class Real>
  ForcingSeries<Real> series(std::span<const std::size_t> columns,
                             std::vector<float>& buffer) const {
    return {gather_lanes(values_, n_record() * forcing_variable_count, lanes_, columns, buffer),
            points_};
  }
  /// The same forcing for one of the columns alone, in one lane.
  Forcing of_column(std::size_t column) const;
  /// The forcing of some columns, which may occur more than once, in as many lanes as this object
  /// has.
  Forcing of_columns(std::span<const std::size_t> columns) const;
  /// Memory of such an object [byte].
  static double bytes(std::size_t n_record, std::size_t n_column, std::size_t lanes) {
    const std::size_t padded = (n_column + lanes - 1) / lanes * lanes;
    return static_cast<double>(padded * n_record * forcing_variable_count * sizeof(float));
  }
  double bytes() const { return bytes(n_record(), n_column_, lanes_); }

private:
  std::vector<double> record_times_;
  std::vector<ForcingPoint> points_;
  std::size_t n_column_;
  std::size_t lanes_;
  std::vector<float> values_;
};

/// The forcing that the settings describe, read for the columns of this rank in units of the model.
/// Values that stand for an instant are interpolated between records; means over an interval are
/// held throughout it. Gaps up to max_gap are filled linearly and counted in the log. `files` is
/// null for clear-sky forcing. Collective. Throws InputError naming file, variable, time and
/// column.
Forcing read_forcing(const Ranks& ranks, const Settings& settings, const ModelTime& time,
                     const Columns& columns, const FileSeries* files, std::size_t lanes,
                     MemoryBudget& memory, const Log& log);

/// The first variable the forcing reads from its files, which defines grid and time.
std::string forcing_reference_variable(const ForcingSettings& settings);

} // namespace glebe
