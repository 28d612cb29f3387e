// SPDX-License-Identifier: BSD-3-Clause
#include "chunk_reader.hpp"

#include <hdf5.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "netcdf_call.hpp"

#ifdef GLEBE_LIBDEFLATE
#include <libdeflate.h>
#endif

namespace glebe {

namespace {

using Extent = NetcdfFile::Extent;

#ifdef GLEBE_LIBDEFLATE
constexpr bool can_inflate = true;

bool inflate(std::span<const std::byte> deflated, std::span<std::byte> bytes) {
  static const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> engine(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  // Without a place for the length it must be that of the chunk.
  return engine &&
         libdeflate_zlib_decompress(engine.get(), deflated.data(), deflated.size(), bytes.data(),
                                    bytes.size(), nullptr) == LIBDEFLATE_SUCCESS;
}
#else
constexpr bool can_inflate = false;

bool inflate(std::span<const std::byte>, std::span<std::byte>) { return false; }
#endif

/// Owner of an identifier of HDF5, which is negative where a call failed. The library prints no
/// errors, since netCDF has told it so.
class Id {
public:
  Id(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  Id(const Id&) = delete;
  Id& operator=(const Id&) = delete;
  ~Id() {
    if (id_ >= 0) close_(id_);
  }
  hid_t get() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }

private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

// The identifier that netCDF has of an open file, any of them if it has opened it more than once;
// negative without any. To open a small file here once more would take longer than to read it.
hid_t id_of_netcdf(const std::filesystem::path& path) {
  const ssize_t n = can_inflate ? H5Fget_obj_count(H5F_OBJ_ALL, H5F_OBJ_FILE) : 0;
  std::vector<hid_t> files(n > 0 ? std::size_t(n) : 0);
  H5Fget_obj_ids(H5F_OBJ_ALL, H5F_OBJ_FILE, files.size(), files.data());
  std::string name(path.native().size() + 1, '\0'); // and the end of the text
  for (const hid_t file : files)
    if (H5Fget_name(file, name.data(), name.size()) == ssize_t(path.native().size()) &&
        name.c_str() == path.native())
      return file;
  return -1;
}

/// Bytes of one chunk.
struct Buffers {
  std::vector<std::byte> deflated, inflated, numbers;
};

// Kept from file to file: new ones would be cleared first.
Buffers& buffers() {
  static Buffers kept;
  return kept;
}

// Calls action for every index from `first` to, and without, `last`, which is greater in every
// dimension; the last one runs fastest.
template <class Action>
void for_each_index(const Extent& first, const Extent& last, Action action) {
  Extent index = first;
  for (std::size_t d = index.size(); d > 0;) {
    action(index);
    for (d = index.size(); d > 0 && ++index[d - 1] == last[d - 1]; --d) index[d - 1] = first[d - 1];
  }
}

// The position of an index in the memory of a block that begins at `origin`.
std::size_t position(const Extent& index, const Extent& origin, const Extent& shape) {
  std::size_t at = 0;
  for (std::size_t d = 0; d < index.size(); ++d) at = at * shape[d] + index[d] - origin[d];
  return at;
}

// The filter has put all first bytes of the numbers before all second ones, and so on.
template <class Number>
void unshuffle(const std::byte* from, std::size_t n, std::byte* to) {
  for (std::size_t i = 0; i < n; ++i) {
    Number number = 0;
    for (std::size_t b = 0; b < sizeof(Number); ++b)
      number = static_cast<Number>(number | static_cast<Number>(Number(from[b * n + i]) << 8 * b));
    std::memcpy(to + i * sizeof(Number), &number, sizeof(Number));
  }
}

} // namespace

/// A share in netCDF's file: it stays open, and the identifier valid, until all have closed it.
class ChunkReader::File {
public:
  explicit File(const std::filesystem::path& path) : id_(shared(id_of_netcdf(path)), H5Idec_ref) {}
  hid_t get() const { return id_.get(); }
  /// Where netCDF keeps a variable: one that is named like a dimension, but is not its coordinate,
  /// has another name in the file.
  std::string place_of(const std::string& variable) const {
    const std::string beside = "/_nc4_non_coord_" + variable;
    return H5Lexists(get(), beside.c_str(), H5P_DEFAULT) > 0 ? beside : "/" + variable;
  }

private:
  static hid_t shared(hid_t id) { return id >= 0 && H5Iinc_ref(id) >= 0 ? id : -1; }

  Id id_;
};

/// A variable that this reader can read.
class ChunkReader::Dataset {
public:
  Dataset(const File& file, const NetcdfFile::VariableInfo& variable)
      : id_(H5Dopen2(file.get(), file.place_of(variable.name).c_str(), H5P_DEFAULT), H5Dclose),
        bytes_(bytes_of(variable.type)), good_(id_ && holds(variable) && is_deflated()) {}

  bool is_good() const { return good_; }

  bool read(const Extent& start, const Extent& count, std::byte* values) const {
    Extent first, last;
    for (std::size_t d = 0; d < count.size(); ++d) {
      first.push_back(start[d] / chunk_[d]);
      last.push_back((start[d] + count[d] + chunk_[d] - 1) / chunk_[d]);
    }
    bool good = true;
    for_each_index(first, last, [&](const Extent& index) {
      good = good && read_chunk(index, start, count, values);
    });
    return good;
  }

private:
  // Whether shape and type are those that netCDF tells, in the order of this machine.
  bool holds(const NetcdfFile::VariableInfo& variable) const {
    const Id space(H5Dget_space(id_.get()), H5Sclose), type(H5Dget_type(id_.get()), H5Tclose);
    const Extent shape = variable.shape();
    std::vector<hsize_t> found(shape.size());
    if (!space || !type || shape.empty() ||
        H5Sget_simple_extent_ndims(space.get()) != int(shape.size()) ||
        H5Sget_simple_extent_dims(space.get(), found.data(), nullptr) < 0 ||
        !std::ranges::equal(shape, found))
      return false;
    const H5T_class_t kind = H5Tget_class(type.get());
    return std::endian::native == std::endian::little &&
           (kind == H5T_INTEGER || kind == H5T_FLOAT) && H5Tget_size(type.get()) == bytes_ &&
           H5Tget_order(type.get()) == H5T_ORDER_LE;
  }

  // Whether it is stored in chunks that only deflate and shuffle have changed, in this order when
  // read.
  bool is_deflated() {
    const Id list(H5Dget_create_plist(id_.get()), H5Pclose);
    std::vector<hsize_t> lengths(H5S_MAX_RANK);
    const int n = list ? H5Pget_chunk(list.get(), H5S_MAX_RANK, lengths.data()) : -1;
    if (n < 0) return false;
    chunk_.assign(lengths.begin(), lengths.begin() + n);
    std::vector<H5Z_filter_t> filters;
    for (int i = 0; i < H5Pget_nfilters(list.get()); ++i) {
      std::size_t n_value = 0;
      filters.push_back(
          H5Pget_filter2(list.get(), unsigned(i), nullptr, &n_value, nullptr, 0, nullptr, nullptr));
    }
    shuffled_ = filters == std::vector{H5Z_FILTER_SHUFFLE, H5Z_FILTER_DEFLATE};
    return shuffled_ || filters == std::vector{H5Z_FILTER_DEFLATE};
  }

  // Puts what a chunk has of a part into its place.
  bool read_chunk(const Extent& chunk, const Extent& start, const Extent& count,
                  std::byte* values) const {
    Extent origin, begin, end;
    bool is_run = true; // of the part: all of the chunk lies there in one piece
    for (std::size_t d = 0; d < count.size(); ++d) {
      origin.push_back(chunk[d] * chunk_[d]);
      begin.push_back(std::max(start[d], origin[d]));
      end.push_back(std::min(start[d] + count[d], origin[d] + chunk_[d]));
      is_run = is_run && end[d] - begin[d] == chunk_[d] && (d == 0 || count[d] == chunk_[d]);
    }
    Buffers& of_chunk = buffers();
    if (!inflate_chunk(origin, of_chunk)) return false;
    if (is_run) {
      restore(of_chunk.inflated, values + position(begin, start, count) * bytes_);
      return true;
    }
    of_chunk.numbers.resize(of_chunk.inflated.size());
    restore(of_chunk.inflated, of_chunk.numbers.data());
    Extent rows_end = end;
    rows_end.back() = begin.back() + 1;
    for_each_index(begin, rows_end, [&](const Extent& row) {
      std::copy_n(of_chunk.numbers.data() + position(row, origin, chunk_) * bytes_,
                  (end.back() - begin.back()) * bytes_,
                  values + position(row, start, count) * bytes_);
    });
    return true;
  }

  bool inflate_chunk(const Extent& origin, Buffers& of_chunk) const {
    const std::vector<hsize_t> offset(origin.begin(), origin.end());
    hsize_t size = 0;
    std::uint32_t left_out = 0; // filters
    if (H5Dget_chunk_storage_size(id_.get(), offset.data(), &size) < 0 || size == 0) return false;
    of_chunk.deflated.resize(size);
    of_chunk.inflated.resize(volume(chunk_) * bytes_);
    return H5Dread_chunk(id_.get(), H5P_DEFAULT, offset.data(), &left_out,
                         of_chunk.deflated.data()) >= 0 &&
           left_out == 0 && inflate(of_chunk.deflated, of_chunk.inflated);
  }

  // Numbers as they were before they were shuffled, if they were.
  void restore(const std::vector<std::byte>& from, std::byte* to) const {
    const std::size_t n = from.size() / bytes_;
    if (shuffled_ && bytes_ == 2)
      unshuffle<std::uint16_t>(from.data(), n, to);
    else if (shuffled_ && bytes_ == 4)
      unshuffle<std::uint32_t>(from.data(), n, to);
    else if (shuffled_ && bytes_ == 8)
      unshuffle<std::uint64_t>(from.data(), n, to);
    else
      std::ranges::copy(from, to);
  }

  Id id_;
  std::size_t bytes_;
  Extent chunk_; ///< lengths
  bool shuffled_ = false;
  bool good_;
};

ChunkReader::ChunkReader(const std::filesystem::path& path) : file_(std::make_unique<File>(path)) {}

ChunkReader::~ChunkReader() = default;

bool ChunkReader::read(const NetcdfFile::VariableInfo& variable, const Extent& start,
                       const Extent& count, std::byte* values) {
  if (file_->get() < 0) return false;
  const auto [found, is_new] = datasets_.try_emplace(variable.name);
  if (is_new) {
    auto dataset = std::make_unique<Dataset>(*file_, variable);
    if (dataset->is_good()) found->second = std::move(dataset);
  }
  return found->second && found->second->read(start, count, values);
}

} // namespace glebe
