#include "http/endpoints/dispatch.hpp"

#include "http/endpoints/admin_audit.hpp"
#include "http/endpoints/admin_keys.hpp"
#include "http/endpoints/admin_tenants.hpp"
#include "http/endpoints/admin_upstreams.hpp"
#include "http/endpoints/admin_usage.hpp"
#include "http/endpoints/health.hpp"
#include "http/endpoints/metrics.hpp"
#include "http/endpoints/model_calls.hpp"
#include "http/endpoints/models.hpp"
#include "http/endpoints/operators.hpp"
#include "http/wire/request_coding.hpp"

#include <array>
#include <utility>

namespace gateway {
namespace {

constexpr std::array table{
    endpoint{"POST", "/v1/chat/completions", access::caller, chat_completions},
    endpoint{"POST", "/v1/completions", access::caller, completions},
    endpoint{"POST", "/v1/embeddings", access::caller, embeddings},
    endpoint{"POST", "/chat", access::caller, plain_chat},
    endpoint{"GET", "/v1/models", access::caller, list_models},
    endpoint{"GET", "/v1/models/{*}", access::caller, show_model},
    endpoint{"POST", "/admin/keys", access::operators, create_key},
    endpoint{"GET", "/admin/keys", access::operators, list_keys},
    endpoint{"GET", "/admin/keys/{}", access::operators, show_key},
    endpoint{"PATCH", "/admin/keys/{}", access::operators, change_key},
    endpoint{"DELETE", "/admin/keys/{}", access::operators, delete_key},
    endpoint{"POST", "/admin/keys/{}/rotate", access::operators, rotate_key},
    endpoint{"GET", "/admin/keys/{}/usage", access::operators, show_key_usage},
    endpoint{"GET", "/admin/tenants/{}", access::operators, show_tenant},
    endpoint{"PUT", "/admin/tenants/{}", access::operators, set_tenant},
    endpoint{"GET", "/admin/audit", access::operators, list_audit},
    endpoint{"GET", "/admin/usage", access::operators, show_usage},
    endpoint{"GET", "/admin/upstreams", access::operators, list_upstreams},
    endpoint{"GET", "/healthz", access::anyone, show_health},
    endpoint{"GET", "/readyz", access::anyone, show_readiness},
    endpoint{"GET", "/version", access::anyone, show_version},
    endpoint{"GET", "/metrics", access::anyone, show_metrics},
};

/// Whoever may make the gateway decode a body, which is work, is known first: callers' bodies are decoded on their
/// journey. What operators change, or try to, is audited from here on.
result<void> let_operator_in(exchange& talk, std::string_view method) {
  const auto who = find_operator(talk.house.settings.admin, talk.asked.header("x-admin-token"));
  if (!who) return fail(ec::forbidden, "the header X-Admin-Token is missing or wrong");
  talk.record.admin = who->name;
  if (method != "GET") {
    if (talk.house.outbox.full())
      return tl::unexpected(unavailable("the audit log does not keep up; try again in a moment"));
    talk.audited = true;
  }
  if (!may_call(who->role, method))
    return fail(ec::forbidden, "this admin token is a viewer's: it may look, and change nothing");
  return decode_body(talk.asked, talk.house.settings.limits.request_bytes);
}

} // namespace

std::span<const endpoint> endpoints() { return table; }

task<void> dispatch(exchange& talk) {
  auto found = find_endpoint(table, talk.asked.method(), talk.asked.path());
  if (!found) {
    for (const auto& [name, methods] : found.error().details) talk.reply.add_header("Allow", methods);
    return talk.refuse(std::move(found.error()));
  }
  talk.record.endpoint = found->to->pattern;
  talk.parameter = std::move(found->parameter);
  talk.quiet = found->to->who == access::anyone;
  if (found->to->who == access::operators) {
    auto let_in = let_operator_in(talk, found->to->method);
    if (!let_in) return talk.refuse(std::move(let_in.error()));
  }
  return found->to->handle(talk);
}

} // namespace gateway
