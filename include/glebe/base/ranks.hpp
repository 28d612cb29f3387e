// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <mpi.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace glebe {

/// Throws RunError with MPI's own text when `code` is not MPI_SUCCESS.
void check_mpi(int code, const char* call);

/// A number of values as the `int` that MPI needs. Throws RunError when it is too large.
int mpi_count(std::size_t n);

/// The MPI processes of a run: a view of a communicator, owned by the caller, with the few
/// collective operations that Glebe needs. Every function but rank(), size() and is_root() is
/// collective.
class Ranks {
public:
  explicit Ranks(MPI_Comm comm = MPI_COMM_WORLD);
  MPI_Comm comm() const { return comm_; }
  int rank() const { return rank_; }
  int size() const { return size_; }
  bool is_root() const { return rank_ == 0; }

  std::int64_t sum(std::int64_t value) const;
  double sum(double value) const;
  /// The elementwise sum of arrays that have the same length on every rank.
  std::vector<double> sum(std::vector<double> values) const;
  /// The same in place.
  void sum(std::span<double> values) const;
  std::int64_t max(std::int64_t value) const;
  double max(double value) const;
  double min(double value) const;
  bool any(bool value) const { return max(std::int64_t{value}) != 0; }
  /// Sum of `value` over the ranks before this one.
  std::int64_t exclusive_sum(std::int64_t value) const;
  /// Sends the root's text to every rank.
  std::string broadcast_from_root(std::string text) const;
  /// Sends the text of rank `root` to every rank.
  std::string broadcast(int root, std::string text) const;
  /// Sends the values of rank `root` to every rank; their number is the same on all.
  void broadcast(int root, std::span<double> values) const;
  /// The elementwise maximum of arrays that have the same length on every rank.
  std::vector<char> max(std::vector<char> values) const;
  /// The values of all ranks in the order of ranks, on every rank.
  std::vector<double> all_gather(const std::vector<double>& local) const;
  /// Distributes the root's values in the order of ranks: each rank gets the next n_here.
  std::vector<double> scatter_from_root(const std::vector<double>& of_root,
                                        std::size_t n_here) const;

private:
  /// The displacements of the ranks' values when this rank has n_here, and their total number.
  std::vector<int> displacements(std::size_t n_here) const;

  MPI_Comm comm_;
  int rank_ = 0;
  int size_ = 1;
};

/// The median of the values of all ranks that are not NaN; NaN without any. Collective.
double median(const Ranks& ranks, const std::vector<double>& local);

/// The sum of the n finite values of all ranks, the same to the last bit for any distribution over
/// ranks. Each value is first rounded to a common unit, by less than n / 2^61 of the largest one; a
/// single value is not rounded. Collective.
double reproducible_sum(const Ranks& ranks, std::span<const double> values);

/// Collective. Runs `work` on every rank, then agrees on the outcome: if it threw on any rank,
/// every rank throws the exception of the lowest failing rank (InputError stays InputError, all
/// others become RunError). Without this, the other ranks would wait forever in their next
/// collective call. `work` itself must not be collective if it can throw on some ranks only.
void agree_on_failure(const Ranks& ranks, const std::function<void()>& work);

} // namespace glebe
