#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace gateway {

// Fields as bytes: numbers little-endian, texts as a 32-bit length and their bytes, flags as 0 or 1.

/// Counts the bytes of fields.
class field_meter {
 public:
  std::size_t size() const { return size_; }

  template <class Number>
  void number(const Number&) {
    size_ += sizeof(Number);
  }
  void text(std::string_view value) { size_ += sizeof(std::uint32_t) + value.size(); }
  void flag(bool) { ++size_; }

 private:
  std::size_t size_ = 0;
};

/// Writes fields into room that was measured for them.
class field_writer {
 public:
  explicit field_writer(char* at) : at_(at) {}

  template <class Number>
  void number(Number value) {
    using bits = std::make_unsigned_t<Number>;
    for (std::size_t i = 0; i < sizeof(Number); ++i) at_[i] = static_cast<char>(static_cast<bits>(value) >> (8 * i));
    at_ += sizeof(Number);
  }

  void text(std::string_view value) {
    number(static_cast<std::uint32_t>(value.size()));
    at_ = std::copy(value.begin(), value.end(), at_);
  }

  void flag(bool value) { number(static_cast<std::uint8_t>(value ? 1 : 0)); }

 private:
  char* at_;
};

/// Takes fields off the front; after the first that is none it takes nothing more.
class field_reader {
 public:
  explicit field_reader(std::string_view from) : rest_(from) {}

  bool ok() const { return ok_; }
  std::string_view rest() const { return rest_; }
  void refuse() { ok_ = false; }

  std::string_view take(std::size_t count) {
    if (!ok_ || rest_.size() < count) {
      ok_ = false;
      return {};
    }
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  template <class Number>
  void number(Number& value) {
    using bits = std::make_unsigned_t<Number>;
    const auto bytes = take(sizeof(Number));
    std::uint64_t read = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
      read |= std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
    value = static_cast<Number>(static_cast<bits>(read));
  }

  void text(std::string& value) {
    std::uint32_t size = 0;
    number(size);
    value = take(size);
  }

  void flag(bool& value) { value = choice(1) == 1; }

  /// A byte of 0 to `most`.
  std::uint8_t choice(std::uint8_t most) {
    std::uint8_t byte = 0;
    number(byte);
    if (byte > most) refuse();
    return byte;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

} // namespace gateway
