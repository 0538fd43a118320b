#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace gateway {

// Fields as bytes: numbers little-endian; texts as a 32-bit length and their bytes; flags as 0 or 1. Varints are
// unsigned LEB128 (DWARF 5, 7.6), in no more bytes than they need; short texts have a varint for their length.

/// Small numbers of either sign as small unsigned ones: 0, -1, 1, -2 become 0, 1, 2, 3.
constexpr std::uint64_t zigzag(std::int64_t number) {
  return static_cast<std::uint64_t>(number) << 1U ^ static_cast<std::uint64_t>(number >> 63);
}
constexpr std::int64_t from_zigzag(std::uint64_t number) {
  return static_cast<std::int64_t>(number >> 1U ^ (~(number & 1U) + 1U));
}

/// The most bytes of a varint.
constexpr std::size_t varint_size = 10;

/// Writes fields into room that there must be.
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

  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) *at_++ = static_cast<char>(value | 0x80U);
    *at_++ = static_cast<char>(value);
  }

  void short_text(std::string_view value) {
    varint(value.size());
    at_ = std::copy(value.begin(), value.end(), at_);
  }

  /// Where the next field begins.
  char* end() const { return at_; }

 private:
  char* at_;
};

/// The fields that `put` puts, at the end of `to`; they take no more than `room` bytes.
template <class Put>
void append_fields(std::string& to, std::size_t room, const Put& put) {
  const auto start = to.size();
  to.resize(start + room);
  field_writer fields(to.data() + start);
  put(fields);
  to.resize(static_cast<std::size_t>(fields.end() - to.data()));
}

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

  /// Up to `most`.
  std::uint64_t varint(std::uint64_t most = ~std::uint64_t{0}) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      std::uint8_t byte = 0;
      number(byte);
      const auto bits = std::uint64_t{byte} & 0x7FU;
      value |= bits << shift;
      if ((byte & 0x80U) != 0) continue;
      const bool is_too_long = byte == 0 && shift > 0;
      const bool is_too_large = bits << shift >> shift != bits || value > most;
      if (is_too_long || is_too_large) break;
      return value;
    }
    refuse();
    return 0;
  }

  std::string_view short_text() { return take(static_cast<std::size_t>(varint(rest_.size()))); }

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
