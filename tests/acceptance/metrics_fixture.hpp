#pragma once

#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <chrono>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gateway {

/// What `/metrics` said: the text of each sample's name and labels, and its value.
using samples = std::map<std::string, double>;

inline samples parse_samples(const std::string& text) {
  samples found;
  for (std::size_t at = 0, end = 0; at < text.size(); at = end + 1) {
    end = text.find('\n', at);
    const auto line = text.substr(at, end - at);
    if (line.starts_with('#')) continue;
    const auto space = line.rfind(' ');
    found[line.substr(0, space)] = std::stod(line.substr(space + 1));
  }
  return found;
}

/// The sum of all samples whose text begins so.
inline double sum_of(const samples& all, std::string_view beginning) {
  double sum = 0;
  for (const auto& [name, value] : all)
    if (name.starts_with(beginning)) sum += value;
  return sum;
}

/// A gateway with the upstream `provider` behind the models `gpt`, which has a price, and `openai/*`.
struct metrics_fixture {
  metrics_fixture() {
    gateway.add_upstream(upstream.base_url());
    auto& gpt = gateway.settings.models.at("gpt");
    gpt.aliases = {"clever"};
    gateway.settings.models["openai/*"] = gpt;
    gateway.settings.models["openai/*"].aliases.clear();
  }

  samples scrape() const { return parse_samples(gateway.call("GET", "/metrics").body); }

  /// What is counted at a request's end comes a moment after its answer.
  samples scrape_until(const std::string& name, double value) const {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < end)
      if (auto all = scrape(); all.contains(name) && all.at(name) >= value) return all;
    throw std::runtime_error(name + " does not come to " + std::to_string(value) + ":\n" +
                             gateway.call("GET", "/metrics").body);
  }

  scripted_upstream upstream;
  gateway_fixture gateway;
};

/// The sample of requests to an endpoint with these labels.
inline std::string requests_of(const std::string& endpoint, const std::string& model, int status,
                               const std::string& code = "none") {
  return "gateway_requests_total{endpoint=\"" + endpoint + "\",model=\"" + model + "\",status=\"" +
         std::to_string(status) + "\",code=\"" + code + "\"}";
}

} // namespace gateway
