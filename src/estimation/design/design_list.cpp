// SPDX-License-Identifier: BSD-3-Clause
// The designs of a namelist.
#include "glebe/base/error.hpp"
#include "glebe/estimation/design/design.hpp"

#include <algorithm>
#include <cmath>

namespace glebe {

namespace {

constexpr std::size_t max_designs = 10000;

// All subsets of `n` of the numbers 0 ... count - 1, in lexicographic order.
std::vector<std::vector<std::size_t>> subsets(std::size_t count, std::size_t n) {
  std::vector<std::vector<std::size_t>> all;
  std::vector<std::size_t> chosen(n);
  for (std::size_t i = 0; i < n; ++i) chosen[i] = i;
  for (;;) {
    all.push_back(chosen);
    if (all.size() > max_designs) return all;
    std::size_t last = n;
    while (last > 0 && chosen[last - 1] == count - n + last - 1) --last;
    if (last == 0) return all;
    ++chosen[last - 1];
    for (std::size_t i = last; i < n; ++i) chosen[i] = chosen[i - 1] + 1;
  }
}

class DesignListBuilder {
public:
  DesignListBuilder(const Settings& settings, const ModelTime& time)
      : settings_(settings), time_(time) {
    list_.streams = settings.observations;
  }

  DesignList make() {
    for (const DesignSettings& design : settings_.designs) add(design);
    return std::move(list_);
  }

private:
  void add(const DesignSettings& design) {
    const std::vector<std::size_t> kept = kept_streams(design);
    const auto sensors = design.depths.empty() ? std::size_t{0} : std::size_t(design.sensors);
    for (const auto& chosen : subsets(design.depths.size(), sensors))
      for (const auto& [window, days] : windows(design)) {
        Design made{design.name, kept, {}, window, days};
        for (const std::size_t i : chosen) {
          made.depths.push_back(design.depths[i]);
          made.streams.push_back(candidate(design, design.depths[i]));
        }
        list_.designs.push_back(std::move(made));
        if (list_.designs.size() > max_designs)
          throw InputError(fmt::format("{}: more than {} designs: give fewer depths, days or "
                                       "sensors",
                                       design.where("depths"), max_designs));
      }
  }

  std::vector<std::size_t> kept_streams(const DesignSettings& design) const {
    std::vector<std::size_t> kept;
    const bool all = design.streams.empty() && design.depths.empty();
    for (std::size_t s = 0; s < settings_.observations.size(); ++s)
      if (all || std::count(design.streams.begin(), design.streams.end(),
                            settings_.observations[s].name) > 0)
        kept.push_back(s);
    return kept;
  }

  // The stream of a candidate sensor, made once for all designs that use it.
  std::size_t candidate(const DesignSettings& design, double depth) {
    ObservationSettings sensor;
    static_cast<GroupOrigin&>(sensor) = design;
    sensor.kind = design.kind;
    sensor.depth = depth;
    sensor.sigma = design.sigma;
    sensor.error_memory.hours = design.error_memory;
    sensor.name = fmt::format("{}_{:g}cm", info(design.kind).name, depth * 100.0);
    for (std::size_t s = settings_.observations.size(); s < list_.streams.size(); ++s)
      if (list_.streams[s].name == sensor.name && list_.streams[s].sigma == sensor.sigma &&
          list_.streams[s].error_memory.hours == sensor.error_memory.hours)
        return s;
    list_.streams.push_back(sensor);
    return list_.streams.size() - 1;
  }

  std::vector<std::pair<std::size_t, double>> windows(const DesignSettings& design) {
    double begin = 0.0;
    if (design.given("start"))
      begin =
          seconds_between(time_.calendar, time_.start, normalised(time_.calendar, design.start));
    if (begin < 0.0 || begin >= time_.length())
      throw InputError(fmt::format("{}: must lie in the window {} to {}", design.where("start"),
                                   time_.text(0.0), time_.text(time_.length())));
    std::vector<double> days = design.days;
    if (days.empty()) days.push_back((time_.length() - begin) / seconds_per_day);
    std::vector<std::pair<std::size_t, double>> found;
    for (const double length : days) {
      const TimeInterval window{begin, begin + length * seconds_per_day};
      constexpr double rounding = 1e-3; // [s]
      if (window.end > time_.length() + rounding)
        throw InputError(fmt::format("{} = {:g}: ends after the end of the run, {}",
                                     design.where("days"), length, time_.text(time_.length())));
      const auto known = std::find(list_.windows.begin(), list_.windows.end(), window);
      found.emplace_back(std::size_t(known - list_.windows.begin()), length);
      if (known == list_.windows.end()) list_.windows.push_back(window);
    }
    return found;
  }

  const Settings& settings_;
  const ModelTime& time_;
  DesignList list_;
};

} // namespace

std::string Design::label(const std::vector<ObservationSettings>& all) const {
  std::string text = name + ":";
  for (std::size_t i = 0; i < streams.size(); ++i)
    text += (i == 0 ? "" : "+") + all[streams[i]].name;
  text += fmt::format(":{:g}d", days);
  std::replace(text.begin(), text.end(), ' ', '_');
  return text;
}

RankedDesigns planned_designs(const Settings& settings, const ModelTime& time,
                              const Controls& controls) {
  RankedDesigns designs;
  designs.list = make_designs(settings, time);
  const std::vector<std::string>& wanted = settings.ranking.parameters;
  designs.rule.criterion = settings.ranking.criterion;
  for (std::size_t k = 0; k < controls.per_column(); ++k)
    if (wanted.empty() ||
        std::count(wanted.begin(), wanted.end(), info(controls[k].slot.parameter).name) > 0)
      designs.rule.controls.push_back(k);
  return designs;
}

DesignList make_designs(const Settings& settings, const ModelTime& time) {
  return DesignListBuilder(settings, time).make();
}

} // namespace glebe
