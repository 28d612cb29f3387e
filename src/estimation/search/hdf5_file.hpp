// SPDX-License-Identifier: BSD-3-Clause
// A small part of HDF5: texts, numbers and tables in groups of a file of one process. Not
// collective. Every function throws RunError with the library's own words.
#pragma once

#include <hdf5.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace glebe {

/// Move-only owner of an identifier of HDF5.
class Hdf5Id {
public:
  Hdf5Id(hid_t id, herr_t (*closer)(hid_t), const char* what);
  Hdf5Id(Hdf5Id&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Hdf5Id& operator=(Hdf5Id&&) = delete;
  ~Hdf5Id();
  hid_t get() const { return id_; }
  /// Closes it, which may write what the library still holds, so that a failure to do so is seen.
  void close();

private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

/// A table [row][column] of numbers in a file, written and read some rows at a time.
class Hdf5Table {
public:
  Hdf5Table(hid_t file, const std::string& name, std::size_t rows, std::size_t columns);
  Hdf5Table(hid_t file, const std::string& name);
  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  void write(std::size_t first, std::size_t count, const double* values);
  void read(std::size_t first, std::size_t count, double* values) const;
  /// As Hdf5Id::close().
  void close() { dataset_.close(); }

private:
  Hdf5Id rows_of(std::size_t first, std::size_t count) const;

  Hdf5Id dataset_;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
};

/// A file that is made in memory, because the library does not survive a full disk (1.10 crashes
/// when the process ends), or read from the disk.
class Hdf5File {
public:
  static Hdf5File in_memory();
  static Hdf5File open(const std::filesystem::path& path);
  hid_t get() const { return file_.get(); }
  /// The bytes of a file in memory.
  std::vector<char> image() const;

  bool has(const std::string& name) const;
  void make_group(const std::string& name) const;
  void write(const std::string& name, const std::string& text) const;
  void write(const std::string& name, const std::vector<double>& numbers) const;
  std::string read_text(const std::string& name) const;
  std::vector<double> read_numbers(const std::string& name) const;

private:
  explicit Hdf5File(Hdf5Id file) : file_(std::move(file)) {}

  Hdf5Id file_;
};

} // namespace glebe
