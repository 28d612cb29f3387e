// SPDX-License-Identifier: BSD-3-Clause
#include "glebe/estimation/search/checkpoint_file.hpp"

#include "glebe/base/error.hpp"
#include "glebe/base/files.hpp"
#include "glebe/base/partial_file.hpp"
#include "glebe/data/destination.hpp"

#include <algorithm>
#include <optional>

#include "checked_file.hpp"
#include "hdf5_file.hpp"

namespace glebe {

namespace {

constexpr std::size_t rows_at_a_time = 16384;
constexpr int message_tag = 1;

std::string group_of(std::size_t part) { return fmt::format("part_{}", part + 1); }

// Runs what the root does with the file. After the first failure nothing more is tried, but the
// ranks go on together, and agree in the end.
class RootWork {
public:
  explicit RootWork(const Ranks& ranks) : ranks_(ranks) {}

  template <class Work>
  void run(const Work& work) {
    if (!ranks_.is_root() || failure_) return;
    try {
      work();
    } catch (const std::exception& error) {
      failure_ = error.what();
    }
  }
  // Collective.
  std::string failure() const {
    const bool failed = ranks_.any(failure_.has_value());
    if (!failed) return {};
    const std::string text = failure_.value_or("");
    return ranks_.broadcast_from_root(text.empty() ? "unknown failure" : text);
  }

private:
  const Ranks& ranks_;
  std::optional<std::string> failure_;
};

// Calls work(rank, first row, rows) for every piece of a table in the order of its rows, on the
// root and on the rank of the piece. Collective.
template <class Work>
void for_each_piece(const Ranks& ranks, std::size_t n_here, const Work& work) {
  const std::vector<double> counts = ranks.all_gather({static_cast<double>(n_here)});
  std::size_t first = 0;
  for (int rank = 0; rank < ranks.size(); ++rank) {
    const auto n = static_cast<std::size_t>(counts[static_cast<std::size_t>(rank)]);
    for (std::size_t begin = 0; begin < n; begin += rows_at_a_time)
      if (ranks.is_root() || ranks.rank() == rank)
        work(rank, first, begin, std::min(rows_at_a_time, n - begin));
    first += n;
  }
}

void write_columns(const Ranks& ranks, RootWork& root, const std::optional<Hdf5File>& file,
                   const std::string& name, const DenseMatrix& of_columns,
                   const ColumnShare& columns) {
  const auto width = static_cast<std::size_t>(ranks.max(std::int64_t{of_columns.cols()}));
  std::optional<Hdf5Table> table;
  root.run([&] { table.emplace(file->get(), name, columns.n_all, width); });
  std::vector<double> buffer;
  for_each_piece(
      ranks, columns.n_here, [&](int rank, std::size_t first, std::size_t begin, std::size_t rows) {
        const double* values = of_columns.data() + begin * width;
        const int count = mpi_count(rows * width);
        if (!ranks.is_root()) {
          check_mpi(MPI_Send(values, count, MPI_DOUBLE, 0, message_tag, ranks.comm()), "MPI_Send");
          return;
        }
        if (rank != 0) {
          buffer.resize(rows * width);
          check_mpi(MPI_Recv(buffer.data(), count, MPI_DOUBLE, rank, message_tag, ranks.comm(),
                             MPI_STATUS_IGNORE),
                    "MPI_Recv");
          values = buffer.data();
        }
        root.run([&] { table->write(first + begin, rows, values); });
      });
  root.run([&] { table->close(); });
}

DenseMatrix read_columns(const Ranks& ranks, RootWork& root, const std::optional<Hdf5File>& file,
                         const std::string& name, std::size_t width, const ColumnShare& columns) {
  std::optional<Hdf5Table> table;
  root.run([&] { table.emplace(file->get(), name); });
  DenseMatrix of_columns(columns.n_here, width);
  std::vector<double> buffer;
  for_each_piece(ranks, columns.n_here,
                 [&](int rank, std::size_t first, std::size_t begin, std::size_t rows) {
                   double* values = of_columns.data() + begin * width;
                   const int count = mpi_count(rows * width);
                   if (!ranks.is_root()) {
                     check_mpi(MPI_Recv(values, count, MPI_DOUBLE, 0, message_tag, ranks.comm(),
                                        MPI_STATUS_IGNORE),
                               "MPI_Recv");
                     return;
                   }
                   if (rank != 0) {
                     buffer.resize(rows * width);
                     values = buffer.data();
                   }
                   root.run([&] { table->read(first + begin, rows, values); });
                   if (rank != 0)
                     check_mpi(MPI_Send(values, count, MPI_DOUBLE, rank, message_tag, ranks.comm()),
                               "MPI_Send");
                 });
  return of_columns;
}

// A part without the numbers of its columns, and how many of them a column has.
struct PartHead {
  KeptPart part;
  std::size_t width = 0;
};

std::vector<PartHead> read_heads(const Hdf5File& file, const std::string& path,
                                 const ColumnShare& columns) {
  std::vector<PartHead> heads;
  for (std::size_t i = 0; file.has(group_of(i)); ++i) {
    const std::string group = group_of(i);
    const Hdf5Table table(file.get(), group + "/columns");
    if (table.rows() != columns.n_all)
      throw InputError(fmt::format("{}: belongs to another problem: of {} columns; this one has {}",
                                   path, table.rows(), columns.n_all));
    heads.push_back({{file.read_text(group + "/name"),
                      file.read_text(group + "/words"),
                      file.read_numbers(group + "/numbers"),
                      {}},
                     table.columns()});
  }
  return heads;
}

// The same heads on all ranks. Collective.
void share(const Ranks& ranks, KeptAnalysis& kept, std::vector<PartHead>& heads) {
  kept.problem = ranks.broadcast_from_root(kept.problem);
  kept.analysis = ranks.broadcast_from_root(kept.analysis);
  heads.resize(static_cast<std::size_t>(ranks.max(static_cast<std::int64_t>(heads.size()))));
  for (PartHead& head : heads) {
    head.part.name = ranks.broadcast_from_root(head.part.name);
    head.part.words = ranks.broadcast_from_root(head.part.words);
    head.width = static_cast<std::size_t>(ranks.max(static_cast<std::int64_t>(head.width)));
    std::vector<double>& numbers = head.part.numbers;
    numbers.resize(static_cast<std::size_t>(ranks.max(static_cast<std::int64_t>(numbers.size()))));
    ranks.broadcast(0, numbers);
  }
}

} // namespace

std::string write_checkpoint_file(const Ranks& ranks, const std::filesystem::path& path,
                                  const KeptAnalysis& kept, const ColumnShare& columns) {
  PartialFile temporary(temporary_path(ranks, path), ranks.is_root());
  RootWork root(ranks);
  std::optional<Hdf5File> file;
  root.run([&] {
    file.emplace(Hdf5File::in_memory());
    file->write("problem", kept.problem);
    file->write("analysis", kept.analysis);
  });
  for (std::size_t i = 0; i < kept.parts.size(); ++i) {
    const KeptPart& part = kept.parts[i];
    root.run([&] {
      file->make_group(group_of(i));
      file->write(group_of(i) + "/name", part.name);
      file->write(group_of(i) + "/words", part.words);
      file->write(group_of(i) + "/numbers", part.numbers);
    });
    write_columns(ranks, root, file, group_of(i) + "/columns", part.of_columns, columns);
  }
  root.run([&] {
    const std::vector<char> image = file->image();
    file.reset();
    write_sealed_file(temporary.path(), image);
    rename_sealed_file(temporary.path(), followed(path));
    temporary.keep();
  });
  const std::string failure = root.failure();
  if (failure.empty()) return failure;
  return ranks.broadcast_from_root(ranks.is_root() ? reason_of_failure(temporary.path(), failure)
                                                   : "");
}

KeptAnalysis read_checkpoint_file(const Ranks& ranks, const std::filesystem::path& path,
                                  const ColumnShare& columns,
                                  const std::function<void(KeptAnalysis&)>& accept) {
  KeptAnalysis kept;
  std::vector<PartHead> heads;
  std::optional<Hdf5File> file;
  agree_on_failure(ranks, [&] {
    if (!ranks.is_root()) return;
    check_sealed_file(path);
    try {
      file.emplace(Hdf5File::open(path));
      kept.problem = file->read_text("problem");
      kept.analysis = file->read_text("analysis");
      heads = read_heads(*file, path.string(), columns);
    } catch (const RunError& error) {
      throw InputError(fmt::format("{}: not a checkpoint ({})", path.string(), error.what()));
    }
  });
  share(ranks, kept, heads);
  for (const PartHead& head : heads) kept.parts.push_back(head.part);
  agree_on_failure(ranks, [&] { accept(kept); });
  RootWork root(ranks);
  for (std::size_t i = 0; i < kept.parts.size(); ++i)
    kept.parts[i].of_columns =
        read_columns(ranks, root, file, group_of(i) + "/columns", heads[i].width, columns);
  if (const std::string failure = root.failure(); !failure.empty())
    throw InputError(fmt::format("{}: cannot be read: {}", path.string(), failure));
  return kept;
}

} // namespace glebe
