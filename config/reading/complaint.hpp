#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// One thing that is wrong with the config. It shows no value that could be a secret.
struct complaint {
  std::string file;    ///< Or `environment`.
  std::string pointer; ///< JSON pointer (RFC 6901); empty: the whole file.
  std::string message; ///< What is wrong, and what would be right.
};

/// `config/gateway.json: /listen/prot: unknown key; did you mean "port"?`, control characters escaped.
std::string to_string(const complaint& one);

/// One line for each.
std::string to_string(const std::vector<complaint>& all);

/// The pointer to the member `key` of what `pointer` points to, `/` and `~` escaped.
std::string below(std::string_view pointer, std::string_view key);
std::string below(std::string_view pointer, std::size_t index);

/// Collects what is wrong with one file.
class complaints {
 public:
  explicit complaints(std::string file) : file_(std::move(file)) {}

  void add(std::string pointer, std::string message);
  /// The same, unless something was said about this place, or about one that holds it: then it is no news.
  void add_news(std::string pointer, std::string message);
  /// About an environment variable instead of the file.
  void add_for_environment(std::string message);

  /// Whether something was said about this place, or about one that holds it.
  bool about(std::string_view pointer) const;
  bool empty() const { return all_.empty(); }
  std::vector<complaint> take() && { return std::move(all_); }

 private:
  std::string file_;
  std::vector<complaint> all_;
};

} // namespace gateway
