#include "config/admin_checks.hpp"

#include "config/reading/complaint.hpp"
#include "config/reading/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace gateway {

namespace {

constexpr auto token_rule = "must be visible ASCII characters only, so that a header can carry it";

/// Whether anybody on the network could use a token that everybody knows.
bool is_open(const config& what, const complaints& said) {
  return !said.about("/listen/host") && !is_loopback(what.listen.host);
}

void check_main_token(const config& what, complaints& said) {
  const auto& token = what.admin.token;
  const std::string here = "/admin/token";
  if (!is_visible_ascii(token.reveal())) said.add_news(here, token_rule);
  const bool closed = token.empty() && what.admin.tokens.empty();
  if ((closed || token.reveal() == default_admin_token) && is_open(what, said)) {
    said.add_news(
        here,
        fmt::format("the {} admin token is for loopback only, and listen.host is {}: set ADMIN_TOKEN or admin.token",
                    token.empty() ? "empty" : "default", what.listen.host));
  }
}

} // namespace

bool is_plain_name(const std::string& name) {
  const auto fits = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '.' || letter == '_' || letter == '-';
  };
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), fits);
}

void check_admin(const config& what, complaints& said) {
  check_main_token(what, said);
  std::set<std::string_view> names{main_admin_name};
  std::set<std::string_view> tokens{what.admin.token.reveal()};
  for (std::size_t i = 0; i < what.admin.tokens.size(); ++i) {
    const auto& [name, token, role] = what.admin.tokens[i];
    const auto here = fmt::format("/admin/tokens/{}", i);
    const auto name_at = below(here, "name");
    const auto token_at = below(here, "token");
    if (!is_plain_name(name) && !said.about(name_at)) said.add_news(name_at, plain_name_rule);
    if (!names.insert(name).second) said.add_news(name_at, "is another token's name already, or that of admin.token");
    if (token.empty()) said.add_news(token_at, "must not be empty");
    if (!is_visible_ascii(token.reveal())) said.add_news(token_at, token_rule);
    if (!token.empty() && !tokens.insert(token.reveal()).second) {
      said.add_news(token_at, "is another operator's token already");
    }
    if (token.reveal() == default_admin_token && is_open(what, said)) {
      said.add_news(token_at, "is the default admin token, which is for loopback only");
    }
  }
}

} // namespace gateway
