// SPDX-License-Identifier: BSD-3-Clause
//
// Glebe estimates the thermal and surface-exchange parameters of soil columns from observations.
//
//   mpirun -n 2 glebe case.nml                run a case
//   mpirun -n 2 glebe case.nml -tao_monitor   any PETSc option follows the namelist
//   glebe case.nml --set soil.depth=2         the same with another value of a setting
//   glebe --check case.nml                    read and check all inputs, compute nothing
//   glebe --describe                          every setting, as a commented namelist
//
// Read on: app/modes/run.cpp calls the function of the mode; app/modes/estimate.cpp is the main
// one.
#include "glebe/app/case/provenance.hpp"
#include "glebe/app/modes/modes.hpp"
#include "glebe/base/ending.hpp"
#include "glebe/base/error.hpp"
#include "glebe/base/launcher.hpp"
#include "glebe/base/petsc.hpp"
#include "glebe/config/describe.hpp"
#include "glebe/config/result_reference.hpp"
#include "glebe/estimation/search/column_newton.hpp"

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr const char* usage =
    R"(Glebe: thermal and surface-exchange parameters of soil columns from observations

usage: mpirun -n N glebe CASE.nml [PETSc options]   run a case
       glebe --check CASE.nml                       read and check all inputs, compute nothing
       glebe --describe [--markdown]                every setting with its default and meaning
       glebe --describe --results                   everything that a result may have, as a page
       glebe --version | --help

       --set group.key=value                        in place of what CASE.nml has, or added to it;
                                                    may be repeated, and stand anywhere
       --set 'parameter(albedo).upper=0.4'          of a group that is repeated: its name or number
       --set run.output=other.nc                    the result of every run in a file of its own

exit status: 0 done; 1 the run failed; 2 the input is wrong;
             3 the run was interrupted (SIGTERM, SIGINT, SIGUSR1); an estimate with
               a checkpoint can go on
)";

// The words of the command line, null at their end, without `--set group.key=value`: PETSc would
// take it for one of its options.
struct CommandLine {
  CommandLine(int count, char** all) {
    constexpr std::string_view option = "--set", joined = "--set=";
    for (int i = 0; i < count; ++i) {
      const std::string_view word = all[i];
      if (word == option)
        overrides.emplace_back(i + 1 < count ? all[++i] : "");
      else if (word.starts_with(joined))
        overrides.emplace_back(word.substr(joined.size()));
      else
        words.push_back(all[i]);
    }
    words.push_back(nullptr);
  }

  std::vector<char*> words;
  std::vector<std::string> overrides;
};

// PETSc accepts any option; one that was never used is probably misspelt.
void warn_of_unused_options(const glebe::Log& log) {
  PetscInt count = 0;
  char** names = nullptr;
  char** values = nullptr;
  GLEBE_PETSC(PetscOptionsLeftGet(nullptr, &count, &names, &values));
  for (PetscInt i = 0; i < count; ++i) log.warning("option -{} was not used", names[i]);
  GLEBE_PETSC(PetscOptionsLeftRestore(nullptr, &count, &names, &values));
}

std::string described(const std::string& option) {
  if (option == "--markdown") return glebe::reference_markdown();
  if (option == "--results") return glebe::result_reference_markdown();
  return glebe::describe();
}

int dispatch(const glebe::Ranks& ranks, const glebe::Log& log,
             const std::vector<std::string>& words, const std::vector<std::string>& overrides) {
  const std::string first = words.empty() ? "" : words[0];
  const auto print = [&](const std::string& text) {
    if (ranks.is_root()) std::fputs(text.c_str(), stdout);
    return 0;
  };
  if (first == "--help" || first == "-h") return print(usage);
  if (first == "--version") return print(glebe::version_in_lines());
  if (first == "--describe") return print(described(words.size() > 1 ? words[1] : ""));
  const bool only_check = first == "--check";
  const std::size_t namelist = only_check ? 1 : 0;
  if (words.size() <= namelist || words[namelist].starts_with('-'))
    throw glebe::InputError(words.empty()
                                ? std::string("a namelist is needed; see glebe --help")
                                : fmt::format("'{}' is neither a namelist nor a known option; "
                                              "see glebe --help",
                                              words[std::min(namelist, words.size() - 1)]));
  const std::size_t next = namelist + 1;
  if (words.size() > next && !words[next].starts_with('-'))
    throw glebe::InputError(
        fmt::format("'{}': one namelist is allowed; PETSc options begin with -", words[next]));
  glebe::check_launcher(ranks, log);
  if (only_check)
    glebe::check(ranks, log, words[namelist], overrides);
  else
    glebe::run(ranks, log, words[namelist], overrides);
  if (!only_check) warn_of_unused_options(log);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  CommandLine line(argc, argv);
  argc = static_cast<int>(line.words.size()) - 1;
  argv = line.words.data();
  const glebe::PetscSession petsc(&argc, &argv);
  const glebe::Ranks ranks;
  const glebe::Log log(ranks.is_root());
  try {
    glebe::register_column_newton();
    return glebe::leave(dispatch(ranks, log, {argv + 1, argv + argc}, line.overrides));
  } catch (...) {
    return glebe::end_together(glebe::current_failure());
  }
}
