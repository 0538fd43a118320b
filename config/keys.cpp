#include "config/keys.hpp"

#include "config/admin_keys.hpp"
#include "config/names.hpp"
#include "config/reading/object_reader.hpp"
#include "config/route_keys.hpp"

namespace gateway {

namespace {

constexpr double million = 1e6;
constexpr double gibibyte = 1073741824;
constexpr double most_quota = 1e15;

void read_tls(object_reader& in, listen_tls_spec& to) {
  in.path("certificate_file", to.certificate_file,
          "The gateway's certificate, PEM, the chain with the leaf first. Absent: plain HTTP.", presence::derived);
  in.path("key_file", to.key_file, "The certificate's private key, PEM.", presence::derived);
  in.path("client_ca_file", to.client_ca_file, "Who must have signed the callers' certificates, PEM.",
          presence::derived);
  in.choice("client_certificates", to.clients, client_certificates_names,
            "Whether callers show certificates. optional: who shows one must show a good one; required: who shows none "
            "is turned away.");
}

void read_audit(object_reader& in, audit_spec& to) {
  in.number("queue", to.queue, between{1, 10 * million},
            "Records that may wait to be written; over it new requests get 503.");
  in.number("batch", to.batch, between{1, 100'000}, "Most records in one commit.");
  in.choice("durability", to.durability, durability_names,
            "What waits for the commit of a request's first record. grouped: the first byte of its answer; strict: the "
            "call to the upstream, with fsync; async: nothing.");
}

void read_topology(object_reader& in, topology_spec& to) {
  constexpr between replicas{0, 1024};
  in.number("workers", to.workers, replicas, "Worker threads, each with its own listener. 0: one a core.");
  in.object("auth", "Who knows the keys.", [&](object_reader& auth) {
    auth.number("replicas", to.auth_replicas, replicas, "How many auth actors. 0: one a worker.");
  });
  in.object("quota", "Who counts what keys use.", [&](object_reader& quota) {
    quota.number("shards", to.quota_shards, between{1, 1024},
                 "How many quota actors; a tenant belongs to one of them.");
  });
  in.object("chat_upstream", "Who picks a target.", [&](object_reader& upstream) {
    upstream.number("replicas", to.chat_upstream_replicas, replicas, "How many chat_upstream actors. 0: one a worker.");
  });
  in.object("audit", "Who writes the audit log.", [&](object_reader& audit) { read_audit(audit, to.audit); });
}

void read_limits(object_reader& in, limits_spec& to) {
  in.number("connections", to.connections, between{1, million}, "Connections of callers, open at once.");
  in.number("in_flight", to.in_flight, between{1, million}, "Requests in flight at once; over it callers get 503.");
  in.number("request_bytes", to.request_bytes, between{1024, gibibyte}, "Largest request body, decoded.");
  in.number("header_bytes", to.header_bytes, between{1024, 1048576}, "Largest request header.");
  in.number("event_bytes", to.event_bytes, between{1024, gibibyte}, "Largest event of an upstream's stream.");
  in.number("answer_bytes", to.answer_bytes, between{1024, gibibyte},
            "Largest answer of an upstream that is not a stream, decoded.");
  in.number("buffered_bytes", to.buffered_bytes, between{1048576, 1024 * gibibyte},
            "Bytes of all requests and answers held in memory at once; at least request_bytes.");
}

void read_timeouts(object_reader& in, timeouts_spec& to) {
  in.seconds("header_s", to.client.header, "Seconds that a caller has for the request's header.");
  in.seconds("body_s", to.client.body, "Seconds that a caller has for the request's body.");
  in.seconds("idle_s", to.client.idle, "Seconds that a caller's idle connection is kept.");
  in.seconds("drain_s", to.client.drain, "Seconds that requests in flight have to finish once a stop was asked for.");
  in.seconds_or_zero("stream_keepalive_s", to.client.stream_keepalive,
                     "Seconds of silence after which a comment goes into a caller's stream. 0: none does.");
  read_upstream_timeouts(in, to.upstream, presence::optional);
}

void read_retry(object_reader& in, retry_settings& to) {
  in.seconds("base_delay_s", to.base_delay,
             "Seconds that the first repetition waits at most; each further one twice as long, at random up to that.");
  in.seconds("max_delay_s", to.max_delay, "Seconds that the wait grows to.");
  in.seconds("max_wait_s", to.max_wait,
             "Seconds that an upstream may ask for (Retry-After); one that asks for more is not waited for.");
  in.number("budget_ratio", to.budget_ratio, between{0, 1},
            "Repeated calls, as a share of first ones, over all requests.");
  in.number("budget_min_per_second", to.budget_min_per_second, between{0, million},
            "Repeated calls a second that are allowed whatever their share.");
}

} // namespace

void read_config(object_reader& in, config& to) {
  std::string schema;
  in.text("$schema", schema, "The schema that an editor checks this file with; the gateway itself ignores it.",
          presence::derived);
  in.object("listen", "Where callers connect. The environment variable ADDR wins over it.", [&](object_reader& listen) {
    listen.text("host", to.listen.host, "Address or host name; 0.0.0.0 or :: for every interface.");
    listen.number("port", to.listen.port, between{0, 65535}, "0 takes any free port.");
    listen.object("tls", "TLS at the gateway's own door. Absent: plain HTTP.",
                  [&](object_reader& tls) { read_tls(tls, to.listen.tls); });
  });
  read_admin(in, to.admin);
  in.object("storage", "Files; relative paths start at the working directory.", [&](object_reader& storage) {
    storage.path("directory", to.storage.directory, "Where gateway.db and audit.db are.");
    storage.path("audit_file", to.storage.audit_db,
                 "The audit database, when it is to be elsewhere. The environment variable SQLITE_PATH wins over it.",
                 presence::derived);
  });
  in.object("topology", "How many of each actor.",
            [&](object_reader& topology) { read_topology(topology, to.topology); });
  in.object("limits", "What is refused, with 413, 431 or 503, rather than held.",
            [&](object_reader& limits) { read_limits(limits, to.limits); });
  in.object("timeouts", "Seconds; fractions are allowed.",
            [&](object_reader& timeouts) { read_timeouts(timeouts, to.timeouts); });
  in.object("retry", "How failed calls to upstreams are repeated. How often: models.NAME.retries.",
            [&](object_reader& retry) { read_retry(retry, to.retry); });
  read_upstreams(in, to);
  read_models(in, to);
  in.text("default_model", to.default_model, "The model of requests that name none. Empty: they are refused.",
          presence::derived);
  in.object("quota_defaults", "What a key may use in a day of its time zone when it was made without quotas.",
            [&](object_reader& quota) {
              quota.number("daily_requests", to.quota_defaults.requests, between{1, most_quota}, "Requests a day.");
              quota.number("daily_tokens", to.quota_defaults.tokens, between{1, most_quota}, "Tokens a day.");
            });
  read_audit_log(in, to.audit);
  in.object("log", "The log, in JSON lines.", [&](object_reader& log) {
    log.choice("level", to.log.level, log_level_names, "The least that is logged.");
  });
}

} // namespace gateway
