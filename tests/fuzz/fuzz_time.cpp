// SPDX-License-Identifier: BSD-3-Clause
// A time axis of a file: a calendar, a unit, and numbers as they stand in the file. A day that a
// calendar has must be the day that its number names.
#include "glebe/base/calendar.hpp"
#include "glebe/base/error.hpp"
#include "glebe/data/regular_times.hpp"
#include "glebe/data/time_axis.hpp"
#include "glebe/data/time_points.hpp"

#include <array>
#include <cstdlib>
#include <fuzzer/FuzzedDataProvider.h>

namespace {

using namespace glebe;

constexpr std::array calendars{Calendar::standard, Calendar::proleptic_gregorian,
                               Calendar::julian,   Calendar::noleap,
                               Calendar::all_leap, Calendar::day_360};

void check_day(Calendar calendar, const DateTime& date) {
  const std::int64_t day = day_number(calendar, date.year, date.month, date.day);
  const DateTime back = date_of(calendar, day);
  if (back.year != date.year || back.month != date.month || back.day != date.day) std::abort();
}

void read_axis(FuzzedDataProvider& input) {
  const Calendar calendar = input.PickValueInArray(calendars);
  const DateTime start{input.ConsumeIntegralInRange<std::int64_t>(1, 3000), 6, 1, 0.0};
  std::vector<double> values;
  while (values.size() < 6 && input.remaining_bytes() > 40)
    values.push_back(input.ConsumeFloatingPoint<double>());
  const std::vector<double> times =
      seconds_since(start, values, input.ConsumeRemainingBytesAsString(), calendar, "time");
  for (const double time : times) {
    const DateTime date = add_seconds(calendar, start, time);
    check_day(calendar, date);
    static_cast<void>(iso_text(calendar, date));
    static_cast<void>(next_month(calendar, date));
  }
  if (times.size() < 2) return;
  static_cast<void>(regular_times(times, start.second_of_day, 1e-3));
  const double interval = regular_interval(times);
  // Gaps that are filled take memory in proportion.
  if (times.back() - times.front() < 1e4 * interval)
    static_cast<void>(complete_axis(times, interval));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  try {
    read_axis(input);
  } catch (const InputError&) {
  }
  return 0;
}
