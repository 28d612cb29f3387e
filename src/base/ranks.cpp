// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/base/ranks.hpp"

#include "glebe/base/ending.hpp"
#include "glebe/base/error.hpp"
#include "glebe/base/interruption.hpp"
#include "glebe/base/median.hpp"
#include "glebe/base/text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>

namespace glebe {

void check_mpi(int code, const char* call) {
  if (code == MPI_SUCCESS) return;
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  MPI_Error_string(code, text.data(), &length);
  throw RunError(fmt::format("{}: {}", call, std::string(text.data(), std::size_t(length))));
}

int mpi_count(std::size_t n) {
  if (n > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw RunError(fmt::format("{} values are more than one message of MPI can hold ({}); use more "
                               "ranks",
                               n, std::numeric_limits<int>::max()));
  return static_cast<int>(n);
}

Ranks::Ranks(MPI_Comm comm) : comm_(comm) {
  check_mpi(MPI_Comm_rank(comm, &rank_), "MPI_Comm_rank");
  check_mpi(MPI_Comm_size(comm, &size_), "MPI_Comm_size");
}

namespace {

template <class T>
T reduce(T value, MPI_Datatype type, MPI_Op operation, MPI_Comm comm) {
  T result{};
  check_mpi(MPI_Allreduce(&value, &result, 1, type, operation, comm), "MPI_Allreduce");
  return result;
}

} // namespace

std::int64_t Ranks::sum(std::int64_t value) const {
  return reduce(value, MPI_INT64_T, MPI_SUM, comm_);
}
double Ranks::sum(double value) const { return reduce(value, MPI_DOUBLE, MPI_SUM, comm_); }
std::vector<double> Ranks::sum(std::vector<double> values) const {
  sum(std::span(values));
  return values;
}
void Ranks::sum(std::span<double> values) const {
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, values.data(), mpi_count(values.size()), MPI_DOUBLE,
                          MPI_SUM, comm_),
            "MPI_Allreduce");
}
std::vector<char> Ranks::max(std::vector<char> values) const {
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, values.data(), mpi_count(values.size()), MPI_SIGNED_CHAR,
                          MPI_MAX, comm_),
            "MPI_Allreduce");
  return values;
}

std::int64_t Ranks::max(std::int64_t value) const {
  return reduce(value, MPI_INT64_T, MPI_MAX, comm_);
}
double Ranks::max(double value) const { return reduce(value, MPI_DOUBLE, MPI_MAX, comm_); }
double Ranks::min(double value) const { return reduce(value, MPI_DOUBLE, MPI_MIN, comm_); }

std::int64_t Ranks::exclusive_sum(std::int64_t value) const {
  std::int64_t before = 0;
  check_mpi(MPI_Exscan(&value, &before, 1, MPI_INT64_T, MPI_SUM, comm_), "MPI_Exscan");
  return rank_ == 0 ? 0 : before;
}

std::string Ranks::broadcast_from_root(std::string text) const {
  return broadcast(0, std::move(text));
}

std::string Ranks::broadcast(int root, std::string text) const {
  auto length = static_cast<std::int64_t>(text.size());
  check_mpi(MPI_Bcast(&length, 1, MPI_INT64_T, root, comm_), "MPI_Bcast");
  text.resize(static_cast<std::size_t>(length));
  check_mpi(MPI_Bcast(text.data(), mpi_count(text.size()), MPI_CHAR, root, comm_), "MPI_Bcast");
  return text;
}

void Ranks::broadcast(int root, std::span<double> values) const {
  check_mpi(MPI_Bcast(values.data(), mpi_count(values.size()), MPI_DOUBLE, root, comm_),
            "MPI_Bcast");
}

std::vector<int> Ranks::displacements(std::size_t n_here) const {
  const int count = mpi_count(n_here);
  std::vector<int> counts(static_cast<std::size_t>(size_));
  check_mpi(MPI_Allgather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, comm_), "MPI_Allgather");
  std::vector<int> result{0};
  std::size_t end = 0;
  for (const int n : counts) result.push_back(mpi_count(end += static_cast<std::size_t>(n)));
  return result;
}

// The counts of values from their displacements and total number.
static std::vector<int> counts_between(const std::vector<int>& displacements) {
  std::vector<int> counts;
  for (std::size_t r = 0; r + 1 < displacements.size(); ++r)
    counts.push_back(displacements[r + 1] - displacements[r]);
  return counts;
}

std::vector<double> Ranks::all_gather(const std::vector<double>& local) const {
  const std::vector<int> begin = displacements(local.size()), counts = counts_between(begin);
  std::vector<double> all(static_cast<std::size_t>(begin.back()));
  check_mpi(MPI_Allgatherv(local.data(), mpi_count(local.size()), MPI_DOUBLE, all.data(),
                           counts.data(), begin.data(), MPI_DOUBLE, comm_),
            "MPI_Allgatherv");
  return all;
}

std::vector<double> Ranks::scatter_from_root(const std::vector<double>& of_root,
                                             std::size_t n_here) const {
  const std::vector<int> begin = displacements(n_here), counts = counts_between(begin);
  std::vector<double> here(n_here);
  check_mpi(MPI_Scatterv(of_root.data(), counts.data(), begin.data(), MPI_DOUBLE, here.data(),
                         mpi_count(n_here), MPI_DOUBLE, 0, comm_),
            "MPI_Scatterv");
  return here;
}

double median(const Ranks& ranks, const std::vector<double>& local) {
  return median(ranks.all_gather(local));
}

double reproducible_sum(const Ranks& ranks, std::span<const double> values) {
  double largest = 0.0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  largest = ranks.max(largest);
  const std::int64_t count = ranks.sum(static_cast<std::int64_t>(values.size()));
  if (largest == 0.0) return 0.0;
  int exponent = 0; // |value| < 2^exponent; the sum of `count` integers then stays below 2^62
  std::frexp(largest, &exponent);
  const int digits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(count)));
  const int shift = 62 - digits - exponent;
  std::int64_t sum = 0;
  for (const double value : values) sum += std::llround(std::ldexp(value, shift));
  return std::ldexp(static_cast<double>(ranks.sum(sum)), -shift);
}

namespace {

// The lowest rank that failed; the number of ranks if none did. A rank that failed waits a little
// while only, and then ends the run: the others may be waiting elsewhere for what it will not do.
int lowest_failed(const Ranks& ranks, const std::optional<Failure>& failure) {
  const int mine = failure ? ranks.rank() : ranks.size();
  int lowest = 0;
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Iallreduce(&mine, &lowest, 1, MPI_INT, MPI_MIN, ranks.comm(), &request),
            "MPI_Iallreduce");
  if (!failure)
    check_mpi(MPI_Wait(&request, MPI_STATUS_IGNORE), "MPI_Wait");
  else if (!completes_soon(request))
    end_alone(*failure);
  return lowest;
}

std::optional<Failure> failure_of(const std::function<void()>& work) {
  const LocalWork local;
  try {
    work();
    return std::nullopt;
  } catch (...) {
    return current_failure();
  }
}

} // namespace

void agree_on_failure(const Ranks& ranks, const std::function<void()>& work) {
  const std::optional<Failure> failure = failure_of(work);
  const int reporter = lowest_failed(ranks, failure);
  if (reporter >= ranks.size()) return;

  // All messages are sent as one text; the separator is not printable.
  constexpr char separator = '\x1e';
  std::string text;
  if (failure) {
    text = std::to_string(failure->status);
    for (const std::string& message : failure->messages) text += separator + printable(message);
  }
  text = ranks.broadcast(reporter, std::move(text));

  std::vector<std::string> problems;
  for (std::size_t begin = 2; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    problems.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  if (text[0] == '2') throw InputError(std::move(problems));
  const std::string message = problems.empty() ? "unknown failure" : problems.front();
  if (text[0] == '3') throw Interrupted(message);
  throw RunError(message);
}

} // namespace glebe
