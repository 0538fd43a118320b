#pragma once

#include "domain/chat/request_scan.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace gateway {

/// A request's body as it is sent upstream: it asks for the upstream's model and, when it is a stream, for its usage.
/// Every other byte stays as it came, and where it is: the body is not copied, and must outlive this.
class edited_body {
 public:
  /// `upstream_model` may be empty: then it asks for the model that `body` names. `scan` is that of this very body.
  edited_body(std::string_view body, const request_scan& scan, std::string_view upstream_model);
  edited_body(const edited_body&) = delete;
  edited_body& operator=(const edited_body&) = delete;

  /// Up to five of the caller's and ours by turns; none is empty.
  std::span<const std::string_view> pieces() const { return std::span(pieces_).first(count_); }
  /// Of all of them together.
  std::size_t size() const { return size_; }
  /// The same as one text.
  std::string text() const;

 private:
  void add(std::string_view piece);

  std::string model_; ///< As a JSON string, when it is not the body's own.
  std::array<std::string_view, 5> pieces_;
  std::size_t count_ = 0;
  std::size_t size_ = 0;
};

} // namespace gateway
