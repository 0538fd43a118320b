#include "config/route_keys.hpp"

#include "config/names.hpp"
#include "config/proxy_url.hpp"
#include "config/reading/object_reader.hpp"
#include "config/reading/values.hpp"

namespace gateway {

namespace {

constexpr double million = 1e6;
constexpr auto fits_no_header = "must be visible ASCII characters only, so that a header can carry it";

void read_api_keys(object_reader& in, std::vector<secret>& to) {
  secret one;
  in.text("api_key", one, "Sent as Authorization: Bearer. Empty: nothing is sent.");
  if (!is_visible_ascii(one.reveal())) in.refuse("api_key", fits_no_header);
  in.texts("api_keys", to, "Several of them, taken in turn; instead of api_key.");
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (to[i].empty()) in.refuse("api_keys", i, "must not be empty");
    if (!is_visible_ascii(to[i].reveal())) in.refuse("api_keys", i, fits_no_header);
  }
  if (one.empty()) return;
  if (!to.empty()) in.refuse("api_keys", "must not go together with api_key: put that key into the array");
  to = {one};
}

void read_breaker(object_reader& in, breaker_settings& to) {
  in.number("consecutive_failures", to.consecutive_failures, between{0, million},
            "So many failed calls in a row open it. 0: they never do.");
  in.number("error_rate", to.error_rate, between{0, 1},
            "This share of failed calls within window_s opens it. 0: it never does.");
  in.number("min_calls", to.min_calls, between{1, million}, "Calls in window_s, below which error_rate says nothing.");
  in.seconds("window_s", to.window, "Seconds that error_rate looks back.");
  in.seconds("open_s", to.open_for, "Seconds that it stays open, until a call probes whether the target is back.");
}

void read_upstream(object_reader& in, upstream_spec& to) {
  in.choice("kind", to.kind, upstream_kind_names,
            "echo: built in, answers with what it was told. openai: speaks OpenAI's API.", presence::required);
  in.parsed("base_url", to.base_url, parse_base_url,
            "Where its API begins, http:// or https://; /chat/completions is added. Needed for kind openai.");
  read_api_keys(in, to.api_keys);
  in.number("connections", to.connections, between{1, 100'000}, "Connections to it, open at once.");
  in.number("queue", to.queue, between{1, million},
            "Calls that may wait for one of them; beyond that they are refused.");
  in.seconds("queue_s", to.queue_for, "Seconds that a call waits for one of them.");
  in.seconds("idle_s", to.idle, "Seconds that an unused connection is kept.");
  in.seconds("lifetime_s", to.lifetime, "Seconds after which a connection takes no further call.");
  in.path("ca_file", to.trust.ca_file,
          "Who must have signed its certificate, PEM. Absent: the system's authorities. For https://.",
          presence::derived);
  in.flag("insecure_skip_verify", to.trust.insecure_skip_verify,
          "Believes any certificate: for tests of an installation only. For https://.");
  in.parsed("https_proxy", to.https_proxy, parse_proxy_url,
            "The proxy that it is reached through (CONNECT): http://[user:password@]host:port. For https://.");
  in.object("timeouts", "What differs from the timeouts above.",
            [&](object_reader& timeouts) { read_upstream_timeouts(timeouts, to.timeouts, presence::derived); });
  in.object("breaker", "When a target is passed over for a while.",
            [&](object_reader& breaker) { read_breaker(breaker, to.breaker); });
}

void read_target(object_reader& in, target& to) {
  constexpr between shares{0, 1'000'000};
  in.text("upstream", to.upstream, "A name under upstreams.", presence::required);
  in.text("model", to.model,
          "What the upstream calls the model. * is what the * in the name matched. Empty: what the caller asked for.");
  in.number("weight", to.weight, shares, "Its share, for the strategy weighted.");
  in.number("priority", to.priority, shares, "For the strategy priority: the lowest goes first.");
}

void read_dollars(object_reader& in, std::string_view key, micro_dollars& to, std::string_view doc) {
  constexpr between dollars{0, 1'000'000};
  auto given = to_dollars(to);
  in.number(key, given, dollars, doc);
  to = to_micro_dollars(given);
}

void read_price(object_reader& in, price& to) {
  constexpr between dollars{0, 1'000'000};
  read_dollars(in, "input", to.input, "Dollars for a million prompt tokens.");
  read_dollars(in, "output", to.output, "Dollars for a million completion tokens.");
  std::optional<double> cached;
  in.number("cached_input", cached, dollars, "Dollars for a million cached prompt tokens. Absent: the same as input.");
  to.cached_input = cached ? to_micro_dollars(*cached) : to.input;
}

void read_route(object_reader& in, route& to) {
  in.list("targets", to.targets, read_target, "Where the requests can go.");
  in.choice("strategy", to.how, strategy_names, "How one of the targets is chosen.");
  in.number("retries", to.retries, between{0, 10}, "How often another try follows a failure that allows it.");
  in.texts("fallbacks", to.fallbacks, "Models to go on with, in order, when every target has failed.");
  in.texts("context_window_fallbacks", to.context_window_fallbacks,
           "Models to go on with, in order, when the prompt is too long for this one.");
  in.texts("aliases", to.aliases, "Other names of this model, without a *; for a model without one only.");
  in.number("max_output_tokens", to.max_output_tokens, between{1, 1e9},
            "Tokens that are held for the answer when the caller names no maximum.");
  in.object("price", to.cost, read_price, "US dollars a million tokens. Absent: nothing is charged.");
}

} // namespace

void read_upstream_timeouts(object_reader& in, upstream_timeouts& to, presence need) {
  in.seconds("connect_s", to.connect, "Seconds to connect to an upstream.", need);
  in.seconds("first_byte_s", to.first_byte, "Seconds until an upstream's answer begins.", need);
  in.seconds("first_token_s", to.first_token, "Seconds until the first event of a stream.", need);
  in.seconds("between_tokens_s", to.between_tokens, "Seconds between two events of a stream.", need);
  in.seconds("total_s", to.total, "Seconds for the whole call to an upstream.", need);
}

void read_upstreams(object_reader& in, config& to) {
  upstream_spec fresh;
  fresh.timeouts = to.timeouts.upstream;
  in.each("upstreams", to.upstreams, fresh, read_upstream, "Who answers, by name. Absent: the built-in echo.");
}

void read_models(object_reader& in, config& to) {
  in.each(
      "models", to.models, route{}, read_route,
      "What callers ask for, and where it goes. A name may have one *; an exact name wins, then the longest pattern.");
}

} // namespace gateway
