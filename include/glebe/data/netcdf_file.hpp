// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/partial_file.hpp"
#include "glebe/base/ranks.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace glebe {

class ReadHandle;
class UnitConverter;
class WrittenTogether;

/// Move-only owner of an open NetCDF file: an input (open) or a new output (create). Opening,
/// creating, committing, reading, writing and destruction are collective over the ranks the file
/// was opened with; a failure on one rank is thrown on all. Inquiries are not collective and give
/// the same result on every rank. An empty variable name means the file itself (its global
/// attributes). Errors in the contents of a file are InputErrors with file and variable.
class NetcdfFile {
public:
  /// External types, with the numbers of NetCDF's own.
  enum class Type {
    byte = 1,
    character,
    int16,
    int32,
    float32,
    float64,
    uint8,
    uint16,
    uint32,
    int64,
    uint64,
    string
  };
  struct Dimension {
    std::string name;
    std::size_t length = 0;
  };
  struct VariableInfo {
    std::string name;
    std::vector<Dimension> dimensions;
    Type type = Type::float64;

    std::vector<std::size_t> shape() const;
    bool is_text() const { return type == Type::character || type == Type::string; }
  };
  /// One number per dimension of a variable, slowest first.
  using Extent = std::vector<std::size_t>;
  /// NetCDF's own fill value of floating-point variables.
  static constexpr double default_fill = 9.9692099683868690e+36;

  /// Opens a file for reading, on each rank by itself. Throws InputError when it is missing, not
  /// readable, truncated or not NetCDF.
  static NetcdfFile open(const Ranks& ranks, const std::filesystem::path& path);
  /// Creates a file under the temporary_path() of `path`, in define mode; only commit() replaces
  /// `path` itself. All ranks write it together, by MPI-IO. Throws InputError when the folder is
  /// missing or not writable, or there is something else than a regular file at `path`.
  static NetcdfFile create(const Ranks& ranks, const std::filesystem::path& path);
  /// The same, but the root alone writes what all ranks give it. For a large file this is slower,
  /// but no rank can be left waiting for others when writing fails, and none but the root needs to
  /// see the folder.
  static NetcdfFile create_on_root(const Ranks& ranks, const std::filesystem::path& path);
  /// The same in the memory of each rank, for a trial of definitions, which take none for their
  /// values: nothing is written to `path`, neither values nor by commit().
  static NetcdfFile create_in_memory(const Ranks& ranks, const std::filesystem::path& path);

  /// Closes an input, which is opened again when something is asked of it. Not collective.
  void close_until_needed() const;

  NetcdfFile(NetcdfFile&& other) noexcept;
  NetcdfFile& operator=(NetcdfFile&& other) noexcept;
  /// Closes the file; an output that was not committed is removed. An output that could not be
  /// written is not closed, which would write to it again, nor is one of a rank that fails alone.
  ~NetcdfFile();

  const std::filesystem::path& path() const { return path_; }
  /// "path: variable 'name'" for messages, or the path for an empty name.
  std::string where(const std::string& variable) const;

  // Inquiry.
  std::vector<std::string> variable_names() const;
  bool has_variable(const std::string& name) const;
  /// Throws InputError with the nearest name that the file has.
  VariableInfo variable(const std::string& name) const;
  /// Lengths of the chunks in which a variable is stored, one per dimension; none when it is not
  /// chunked.
  std::vector<std::size_t> chunk_lengths(const std::string& name) const;
  std::optional<std::size_t> dimension_length(const std::string& name) const;
  /// Whether the type of a variable is not one of Type: an enumeration, a compound, a list of
  /// variable length or opaque. variable() refuses it.
  bool is_user_defined(const std::string& variable) const;
  std::vector<std::string> attribute_names(const std::string& variable) const;
  /// The type of an attribute, or nothing when it does not exist.
  std::optional<Type> attribute_type(const std::string& variable, const std::string& name) const;
  /// The text of an attribute (character or string; several strings are joined by blanks, a number
  /// is written out), without blanks at its ends; empty when there is no such attribute.
  std::optional<std::string> text_attribute(const std::string& variable,
                                            const std::string& name) const;
  /// The attribute `units` of a variable. Throws InputError when there is none.
  std::string units(const std::string& variable) const;
  /// The numbers of an attribute; none when it does not exist. A text that is one number is
  /// accepted. Throws InputError for other texts.
  std::vector<double> number_attributes(const std::string& variable, const std::string& name) const;
  /// The first number of an attribute.
  std::optional<double> number_attribute(const std::string& variable,
                                         const std::string& name) const;
  /// The variables of this file that describe a variable's coordinates: those named like its
  /// dimensions, those in its `coordinates` and `grid_mapping` attributes, and their bounds.
  std::vector<std::string> coordinate_names(const std::string& variable) const;

  // Reading.
  /// A hyperslab in the file's order, unpacked [product of count]: scale_factor, add_offset and
  /// _Unsigned are applied; values that _FillValue (by default that of NetCDF), missing_value,
  /// valid_min, valid_max or valid_range mark as missing are NaN. Ranks may read different parts or
  /// none (a zero in count). Throws InputError for text variables and for parts outside the
  /// variable.
  std::vector<double> read(const std::string& variable, const Extent& start,
                           const Extent& count) const;
  std::vector<double> read_all(const std::string& variable) const;
  /// The same as float or double, converted by `convert`, unless it is null: every value is
  /// computed in double precision and rounded once.
  template <class Value>
  std::vector<Value> read_as(const std::string& variable, const Extent& start, const Extent& count,
                             const UnitConverter* convert) const;
  /// All texts of a character variable (its last dimension is the length) or a string variable,
  /// without blanks at their ends. Throws InputError for variables of numbers.
  std::vector<std::string> read_texts(const std::string& variable) const;

  // Defining: the same calls on all ranks, between create and end_definitions.
  /// Defines a dimension, or accepts one that is already there with the same length.
  void define_dimension(const std::string& name, std::size_t length);
  /// Defines an unlimited dimension that will have `length` records, which inquiries tell from the
  /// start. Its variables are stored in chunks of many records.
  void define_record_dimension(const std::string& name, std::size_t length);
  /// `fill` becomes _FillValue: values that are not written, or written as NaN, are missing. Larger
  /// variables and those of records are compressed if the library can do this in parallel.
  void define_variable(const std::string& name, Type type,
                       const std::vector<std::string>& dimensions,
                       std::optional<double> fill = std::nullopt);
  void put_attribute(const std::string& variable, const std::string& name, std::string_view text);
  void put_attribute(const std::string& variable, const std::string& name, int number);
  void put_attribute(const std::string& variable, const std::string& name, double number);
  /// Several numbers, stored in `type` (which for flag_values must be the variable's).
  void put_attribute(const std::string& variable, const std::string& name,
                     const std::vector<double>& numbers, Type type = Type::float64);
  void remove_attribute(const std::string& variable, const std::string& name);
  /// Defines a variable like one of `from`, with its dimensions and attributes. Strings become
  /// characters with one more dimension, because HDF5 cannot write strings in parallel. A dimension
  /// whose name is in use with another length gets its length as a suffix. Returns a message for
  /// each attribute that cannot be copied, such as one of a user-defined type.
  std::vector<std::string> copy_variable(const NetcdfFile& from, const std::string& name);
  /// Ends define mode. Collective.
  void end_definitions();

  // Writing, after end_definitions.
  /// Writes values [product of count] to a hyperslab, converted to the variable's type. Ranks may
  /// write different parts or none; a variable without dimensions is written by all ranks with the
  /// same value. NaN becomes the fill value if one is defined, and is an error in integer variables
  /// without one. Throws RunError, with the reason of the operating system if it has one.
  void write(const std::string& variable, const Extent& start, const Extent& count,
             std::span<const double> values);
  /// Copies all values of a variable that copy_variable defined, each rank a part. `from` keeps its
  /// part in memory, so that later copies do not depend on a file that others may have changed.
  void copy_values(const NetcdfFile& from, const std::string& name);
  /// Closes an output and renames it to its path, replacing an existing file. Throws RunError.
  void commit();

private:
  NetcdfFile(const Ranks& ranks, std::filesystem::path path);
  /// The number by which the library knows the file.
  int ncid() const;
  int variable_id(const std::string& name) const;
  void use_collectively(int variable) const;
  bool read_chunks(const std::string& name, const Extent& start, const Extent& count,
                   void* values) const;
  void store_in_chunks(const std::string& variable);
  std::string define_free_dimension(const std::string& name, std::size_t length);
  std::vector<std::string> copy_attributes(const NetcdfFile& from, const std::string& name);
  int copy_fill_value(const NetcdfFile& from, const std::string& name);
  void write_texts(const std::string& name, const std::vector<std::string>& texts);
  const std::vector<std::byte>& kept_values(const std::string& name, const Extent& start,
                                            const Extent& count) const;
  const std::vector<std::string>& kept_texts(const std::string& name) const;
  /// Writes a part of a variable, of values of so many bytes; returns the status of the library.
  using PutPart = std::function<int(const Extent& start, const Extent& count, const void* values)>;
  int put(const Extent& start, const Extent& count, std::span<const std::byte> values,
          std::size_t bytes_each, const PutPart& put_part) const;
  int put_parts_of_others(std::size_t n_dimension, std::size_t bytes_each,
                          const PutPart& put_part) const;
  bool is_trial() const { return in_memory_ && !on_root_; }
  void close() noexcept;
  void check_written(int status, const std::string& where);

  Ranks ranks_;
  std::filesystem::path path_;
  PartialFile partial_;                       ///< of an output that is not committed
  std::unique_ptr<WrittenTogether> together_; ///< of a parallel output
  mutable std::map<std::string, std::vector<std::byte>> kept_values_;  ///< for copy_values()
  mutable std::map<std::string, std::vector<std::string>> kept_texts_; ///< and copy_variable()
  std::unique_ptr<ReadHandle> input_;                                  ///< of a file that is read
  std::map<std::string, std::size_t> record_lengths_; ///< of the unlimited dimensions of an output
  int id_ = -1;                                       ///< of an output
  bool parallel_ = false;
  bool in_memory_ = false;
  bool on_root_ = false; ///< the root alone writes; the other ranks have a copy in memory
};

} // namespace glebe
