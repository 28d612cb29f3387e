// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "check_settings.hpp"

namespace glebe {

namespace {

void check_end(const Settings& settings, const BoundarySettings& boundary, Problems& problems) {
  const SoilSettings& soil = settings.soil;
  const bool top = boundary.end == End::top;
  const char* key = top ? "top" : soil.given("node_depths") ? "node_depths" : "depth";
  const double end = top ? soil.top : soil.depth;
  if (soil.given(key) && !soil.faulty(key) && std::abs(end - boundary.depth) > depth_tolerance)
    problems.add("{} = {}: the column {} at {} m ({})", boundary.where("depth"), boundary.depth,
                 top ? "begins" : "ends", end, soil.where(key));
  if (!top && soil.given("bottom"))
    problems.add("{}: must not be given with &boundary end = 'bottom'", soil.where("bottom"));
  if (boundary.given("file") && boundary.file.empty())
    problems.add("{}: must not be empty", boundary.where("file"));
  if (boundary.given("variable") && boundary.variable.empty() && !boundary.faulty("variable"))
    problems.add("{}: must not be empty", boundary.where("variable"));
}

bool is_flux(const Settings& settings, End end) {
  const BoundarySettings* boundary = settings.boundary_at(end);
  if (!boundary) return end == End::bottom && settings.soil.bottom == Bottom::flux;
  return boundary->kind == BoundaryKind::flux;
}

} // namespace

void check_boundaries(const Settings& settings, Problems& problems) {
  for (const BoundarySettings& boundary : settings.boundaries) {
    for (const char* key : boundary_keys)
      if (!boundary.given(key) && !boundary.faulty(key))
        problems.add("{}: required, but not given", boundary.where(key));
    for (const char* key : {"end", "depth", "kind"})
      if (boundary.faulty(key) || (!boundary.given(key) && std::string_view(key) != "kind")) return;
    const BoundarySettings* first = settings.boundary_at(boundary.end);
    if (first != &boundary)
      problems.add("{} = '{}': given twice, first at {}", boundary.where("end"),
                   name_of(boundary.end, end_names), first->at());
    else
      check_end(settings, boundary, problems);
  }
  const SoilSettings& soil = settings.soil;
  if (soil.top > 0 && settings.has_surface() && !soil.faulty("top"))
    problems.add("{} = {}: a column that begins below the surface needs a &boundary end = 'top'",
                 soil.where("top"), soil.top);
  if (soil.depth > 0 && soil.top >= soil.depth)
    problems.add("{}: the column begins at {} m and ends at {} m", soil.where(), soil.top,
                 soil.depth);
  if (!settings.has_surface())
    for (const GroupOrigin* unused : {static_cast<const GroupOrigin*>(&settings.surface),
                                      static_cast<const GroupOrigin*>(&settings.forcing)})
      if (unused->line() > 0)
        problems.add("{}: not used, since the top of the column is measured", unused->where());
  if (soil.initial == Initial::spinup && is_flux(settings, End::top) &&
      is_flux(settings, End::bottom))
    problems.add("{} = 'spinup': a column with a given flux at both ends has no steady state",
                 soil.where("initial"));
}

} // namespace glebe
