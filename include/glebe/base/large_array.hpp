// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "glebe/base/cleared_memory.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace glebe {

/// Numbers, of which there may be very many; zero at first. Unlike a vector it writes no zeros
/// where the system gives memory that has been cleared.
template <class Number>
class LargeArray {
  static_assert(std::is_arithmetic_v<Number>);

public:
  LargeArray() = default;
  /// Throws std::bad_alloc.
  explicit LargeArray(std::size_t n)
      : numbers_(n > 0 ? static_cast<Number*>(cleared_memory(n, sizeof(Number))) : nullptr),
        size_(n) {
    if (n > 0 && !numbers_) throw std::bad_alloc();
  }
  LargeArray(const LargeArray& other) : LargeArray(other.size_) {
    std::copy_n(other.data(), size_, data());
  }
  LargeArray(LargeArray&& other) noexcept
      : numbers_(std::move(other.numbers_)), size_(std::exchange(other.size_, 0)) {}
  LargeArray& operator=(LargeArray other) noexcept {
    std::swap(numbers_, other.numbers_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~LargeArray() = default;

  void assign(std::size_t n, Number number) {
    *this = LargeArray(n);
    std::fill_n(data(), n, number);
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Number* data() { return numbers_.get(); }
  const Number* data() const { return numbers_.get(); }
  Number& operator[](std::size_t i) { return data()[i]; }
  const Number& operator[](std::size_t i) const { return data()[i]; }
  Number* begin() { return data(); }
  Number* end() { return data() + size_; }
  const Number* begin() const { return data(); }
  const Number* end() const { return data() + size_; }

private:
  struct Free {
    void operator()(Number* numbers) const { std::free(numbers); }
  };
  std::unique_ptr<Number[], Free> numbers_;
  std::size_t size_ = 0;
};

} // namespace glebe
