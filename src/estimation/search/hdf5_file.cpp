// SPDX-License-Identifier: BSD-3-Clause
#include "hdf5_file.hpp"

#include "glebe/base/error.hpp"

#include <array>

namespace glebe {

namespace {

// The library prints no errors of its own while this exists.
class QuietHdf5 {
public:
  QuietHdf5() {
    H5Eget_auto2(H5E_DEFAULT, &function_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  ~QuietHdf5() { H5Eset_auto2(H5E_DEFAULT, function_, data_); }
  QuietHdf5(const QuietHdf5&) = delete;
  QuietHdf5& operator=(const QuietHdf5&) = delete;

private:
  H5E_auto2_t function_ = nullptr;
  void* data_ = nullptr;
};

// Throws the reason that the operating system gave, if it did; otherwise the innermost message.
[[noreturn]] void fail(const char* what) {
  struct Found {
    std::string reason, innermost;
  } found;
  const auto visit = [](unsigned, const H5E_error2_t* error, void* data) -> herr_t {
    Found& self = *static_cast<Found*>(data);
    const std::string text = error->desc ? error->desc : "";
    if (self.innermost.empty()) self.innermost = text;
    const std::string mark = "error message = '";
    if (const std::size_t at = text.find(mark); at != std::string::npos) {
      const std::size_t begin = at + mark.size();
      self.reason = text.substr(begin, text.find('\'', begin) - begin);
    }
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, visit, &found);
  if (!found.reason.empty()) throw RunError(found.reason);
  throw RunError(fmt::format("{} ({})", found.innermost, what));
}

// Calls a function of the library, which returns a negative number when it fails.
template <class Call>
auto checked(const char* what, Call call) {
  const QuietHdf5 quiet;
  const auto result = call();
  if (result < 0) fail(what);
  return result;
}

Hdf5Id open_dataset(hid_t file, const std::string& name) {
  const QuietHdf5 quiet;
  return {H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose, "H5Dopen"};
}

Hdf5Id make_dataset(hid_t file, const std::string& name, hid_t type,
                    const std::vector<hsize_t>& shape) {
  const QuietHdf5 quiet;
  const Hdf5Id space(H5Screate_simple(int(shape.size()), shape.data(), nullptr), H5Sclose,
                     "H5Screate");
  return {H5Dcreate2(file, name.c_str(), type, space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
          H5Dclose, "H5Dcreate"};
}

std::array<hsize_t, 2> shape_of(const Hdf5Id& dataset, int rank) {
  const QuietHdf5 quiet;
  const Hdf5Id space(H5Dget_space(dataset.get()), H5Sclose, "H5Dget_space");
  std::array<hsize_t, 2> shape{};
  if (H5Sget_simple_extent_ndims(space.get()) != rank)
    throw RunError("a dataset has another number of dimensions");
  checked("H5Sget_simple_extent_dims",
          [&] { return H5Sget_simple_extent_dims(space.get(), shape.data(), nullptr); });
  return shape;
}

template <class Value>
void write_all(hid_t file, const std::string& name, hid_t type, const Value* values,
               std::size_t count) {
  Hdf5Id dataset = make_dataset(file, name, type, {count});
  if (count > 0)
    checked("H5Dwrite",
            [&] { return H5Dwrite(dataset.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values); });
  dataset.close();
}

template <class Values>
Values read_all(hid_t file, const std::string& name, hid_t type) {
  const Hdf5Id dataset = open_dataset(file, name);
  Values values(static_cast<std::size_t>(shape_of(dataset, 1)[0]), {});
  if (values.empty()) return values;
  checked("H5Dread", [&] {
    return H5Dread(dataset.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  });
  return values;
}

} // namespace

Hdf5Id::Hdf5Id(hid_t id, herr_t (*closer)(hid_t), const char* what) : id_(id), close_(closer) {
  if (id < 0) fail(what);
}

Hdf5Id::~Hdf5Id() {
  if (id_ < 0) return;
  const QuietHdf5 quiet;
  static_cast<void>(close_(id_));
}

void Hdf5Id::close() {
  const hid_t id = std::exchange(id_, -1);
  checked("close", [&] { return close_(id); });
}

Hdf5Table::Hdf5Table(hid_t file, const std::string& name, std::size_t rows, std::size_t columns)
    : dataset_(make_dataset(file, name, H5T_NATIVE_DOUBLE, {rows, columns})), rows_(rows),
      columns_(columns) {}

Hdf5Table::Hdf5Table(hid_t file, const std::string& name) : dataset_(open_dataset(file, name)) {
  const auto shape = shape_of(dataset_, 2);
  rows_ = static_cast<std::size_t>(shape[0]);
  columns_ = static_cast<std::size_t>(shape[1]);
}

Hdf5Id Hdf5Table::rows_of(std::size_t first, std::size_t count) const {
  Hdf5Id space(H5Dget_space(dataset_.get()), H5Sclose, "H5Dget_space");
  const std::array<hsize_t, 2> start{first, 0}, size{count, columns_};
  checked("H5Sselect_hyperslab", [&] {
    return H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, size.data(),
                               nullptr);
  });
  return space;
}

void Hdf5Table::write(std::size_t first, std::size_t count, const double* values) {
  if (count * columns_ == 0) return;
  const Hdf5Id there = rows_of(first, count);
  const std::array<hsize_t, 2> size{count, columns_};
  const Hdf5Id here(H5Screate_simple(2, size.data(), nullptr), H5Sclose, "H5Screate");
  checked("H5Dwrite", [&] {
    return H5Dwrite(dataset_.get(), H5T_NATIVE_DOUBLE, here.get(), there.get(), H5P_DEFAULT,
                    values);
  });
}

void Hdf5Table::read(std::size_t first, std::size_t count, double* values) const {
  if (count * columns_ == 0) return;
  const Hdf5Id there = rows_of(first, count);
  const std::array<hsize_t, 2> size{count, columns_};
  const Hdf5Id here(H5Screate_simple(2, size.data(), nullptr), H5Sclose, "H5Screate");
  checked("H5Dread", [&] {
    return H5Dread(dataset_.get(), H5T_NATIVE_DOUBLE, here.get(), there.get(), H5P_DEFAULT, values);
  });
}

Hdf5File Hdf5File::in_memory() {
  constexpr std::size_t increment = std::size_t{1} << 20;
  const QuietHdf5 quiet;
  const Hdf5Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "H5Pcreate");
  checked("H5Pset_fapl_core", [&] { return H5Pset_fapl_core(access.get(), increment, 0); });
  return Hdf5File(
      {H5Fcreate("in memory", H5F_ACC_TRUNC, H5P_DEFAULT, access.get()), H5Fclose, "H5Fcreate"});
}

Hdf5File Hdf5File::open(const std::filesystem::path& path) {
  const QuietHdf5 quiet;
  return Hdf5File({H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "H5Fopen"});
}

std::vector<char> Hdf5File::image() const {
  checked("H5Fflush", [&] { return H5Fflush(get(), H5F_SCOPE_GLOBAL); });
  const auto size =
      checked("H5Fget_file_image", [&] { return H5Fget_file_image(get(), nullptr, 0); });
  std::vector<char> image(static_cast<std::size_t>(size));
  checked("H5Fget_file_image",
          [&] { return H5Fget_file_image(get(), image.data(), image.size()); });
  return image;
}

bool Hdf5File::has(const std::string& name) const {
  return checked("H5Lexists", [&] { return H5Lexists(get(), name.c_str(), H5P_DEFAULT); }) > 0;
}

void Hdf5File::make_group(const std::string& name) const {
  const QuietHdf5 quiet;
  const Hdf5Id group(H5Gcreate2(get(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                     H5Gclose, "H5Gcreate");
}

void Hdf5File::write(const std::string& name, const std::string& text) const {
  write_all(get(), name, H5T_NATIVE_CHAR, text.data(), text.size());
}

void Hdf5File::write(const std::string& name, const std::vector<double>& numbers) const {
  write_all(get(), name, H5T_NATIVE_DOUBLE, numbers.data(), numbers.size());
}

std::string Hdf5File::read_text(const std::string& name) const {
  return read_all<std::string>(get(), name, H5T_NATIVE_CHAR);
}

std::vector<double> Hdf5File::read_numbers(const std::string& name) const {
  return read_all<std::vector<double>>(get(), name, H5T_NATIVE_DOUBLE);
}

} // namespace glebe
