#pragma once

#include "domain/metrics/histogram.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {

/// Writes Prometheus' text exposition format, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
class exposition {
 public:
  static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";
  using labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// Starts a metric, of the type `counter`, `gauge` or `histogram`: the samples up to the next one belong to it.
  void metric(std::string_view name, std::string_view type, std::string_view help);
  void sample(labels of, std::uint64_t value) { line("", of, {}, value, 0); }
  /// A sample of `value` / 10^`digits`, exactly.
  void sample(labels of, std::uint64_t value, unsigned digits) { line("", of, {}, value, digits); }
  /// Its buckets, in seconds, their sum and their count.
  void sample(labels of, const histogram& times);

  std::string take() { return std::move(text_); }

 private:
  void line(std::string_view suffix, labels of, std::string_view bound, std::uint64_t value, unsigned digits);

  std::string name_;
  std::string text_;
};

} // namespace gateway
