#include "config/admin_keys.hpp"

#include "config/names.hpp"
#include "config/reading/object_reader.hpp"

namespace gateway {

namespace {

constexpr double most_days = 36500;
constexpr double most_bytes = 1e15;

void read_token(object_reader& in, admin_token& to) {
  in.text("name", to.name, "Whose it is; stands in the audit log. Every name once, and not admin.", presence::required);
  in.text("token", to.token, "What X-Admin-Token must hold. Every token once.", presence::required);
  in.choice("role", to.role, admin_role_names, "admin: everything; viewer: GET only.");
}

} // namespace

void read_admin(object_reader& in, admin_spec& to) {
  in.object("admin", "The operators' endpoints.", [&](object_reader& admin) {
    admin.text(
        "token", to.token,
        "What X-Admin-Token must hold, of the operator named admin. The default is refused unless listen.host is "
        "loopback. Empty: only tokens count. The environment variable ADMIN_TOKEN wins over it.");
    admin.list("tokens", to.tokens, read_token, "More tokens, each with the name of who holds it.", presence::optional);
  });
}

void read_audit_log(object_reader& in, audit_log_spec& to) {
  in.object("audit", "What is kept of the requests and of operators' changes.", [&](object_reader& audit) {
    audit.number("retention_days", to.retention_days, between{0, most_days},
                 "Days that a record is kept. 0: for ever.");
    audit.number("max_bytes", to.max_bytes, between{0, most_bytes},
                 "Size of the audit database; over it the oldest records go. 0: no bound.");
    audit.text(
        "chain_key", to.chain_key,
        "Key of the hash chain through the records, by which verify-audit finds changed ones. A secret; without it "
        "whoever can write the database can write the chain too.");
    audit.choice("interrupted", to.interrupted, interrupted_names,
                 "What becomes of the limits that a request held when the gateway was killed. charge: they are used; "
                 "release: they are given back.");
  });
}

} // namespace gateway
