#pragma once

#include "domain/error.hpp"
#include "http/wire/gunzip.hpp"

#include <string_view>
#include <vector>

namespace gateway {

/// Undoes the gzip of a provider's answer, piece by piece.
class answer_decoder {
 public:
  /// What `next` has to give must have been taken before.
  void feed(std::string_view piece) { gzip_.feed(piece); }
  /// What can be decoded of what is here, a bit at a time; empty when it takes more. Holds until the next call.
  result<std::string_view> next();
  bool whole() const { return gzip_.whole(); }

 private:
  gunzip gzip_;
  std::vector<char> room_ = std::vector<char>(std::size_t{16} * 1024);
};

} // namespace gateway
