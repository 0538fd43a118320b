#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace gateway {

/// What tells one count of requests from another; to look for it, nothing is copied.
struct request_labels_view {
  std::string_view endpoint;
  std::string_view model;
  int status = 0;
  std::string_view code;
  friend bool operator==(const request_labels_view&, const request_labels_view&) = default;
};

/// The same, to keep.
struct request_labels {
  std::string endpoint;
  std::string model;
  int status = 0;
  std::string code;

  explicit request_labels(const request_labels_view& from)
      : endpoint(from.endpoint), model(from.model), status(from.status), code(from.code) {}
  request_labels_view view() const { return {endpoint, model, status, code}; }
  friend bool operator<(const request_labels& a, const request_labels& b) {
    return std::tie(a.endpoint, a.model, a.status, a.code) < std::tie(b.endpoint, b.model, b.status, b.code);
  }
};

struct request_labels_hash {
  using is_transparent = void;
  std::size_t operator()(const request_labels_view& labels) const;
  std::size_t operator()(const request_labels& labels) const { return (*this)(labels.view()); }
};

struct request_labels_equal {
  using is_transparent = void;
  bool operator()(const request_labels& a, const request_labels& b) const { return a.view() == b.view(); }
  bool operator()(const request_labels_view& a, const request_labels& b) const { return a == b.view(); }
  bool operator()(const request_labels& a, const request_labels_view& b) const { return a.view() == b; }
};

/// How many requests had these labels.
using request_table = std::unordered_map<request_labels, std::uint64_t, request_labels_hash, request_labels_equal>;

/// That number, to be changed; allocates only when there was none.
std::uint64_t& value_of(request_table& table, const request_labels_view& labels);

} // namespace gateway
