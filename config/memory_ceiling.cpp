#include "config/memory_ceiling.hpp"

#include "config/topology.hpp"

#include <algorithm>
#include <limits>

namespace gateway {

namespace {

constexpr std::uint64_t kib = 1024;
constexpr std::uint64_t mib = 1024 * kib;

/// The program, its libraries, CAF, the log's queue of lines, the databases' caches, the stacks that are in use.
constexpr std::uint64_t process = 64 * mib;
/// Of a worker, without what it holds for others.
constexpr std::uint64_t worker = 4 * mib;
/// To read JSON simdjson takes six bytes a byte of the document, and the document may have to be moved.
constexpr std::uint64_t reading = 7;
/// A session that waits, with the buffer that it reads into.
constexpr std::uint64_t connection = 16 * kib;
/// A header that is not whole yet is in a buffer up to double its size.
constexpr std::uint64_t headers = 2;
constexpr std::uint64_t tls = 64 * kib;
/// A model request, with its call to an upstream.
constexpr std::uint64_t request = 96 * kib;
constexpr std::uint64_t upstream_connection = 4 * kib;
/// An entry of the audit log, on its way from the outbox through AUDIT to the journal and the database.
constexpr std::uint64_t queued_entry = 3 * kib;

std::uint64_t times(std::uint64_t a, std::uint64_t b) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  return a != 0 && b > most / a ? most : a * b;
}

std::uint64_t plus(std::uint64_t a, std::uint64_t b) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  return b > most - a ? most : a + b;
}

} // namespace

std::uint64_t memory_term::bytes() const { return times(count, each); }

std::vector<memory_term> memory_terms(const config& what, std::size_t cores) {
  const auto workers = resolved(what.topology, cores).workers;
  const auto& limits = what.limits;
  const auto largest = std::max(limits.request_bytes, limits.answer_bytes);
  std::uint64_t plain = 0;
  std::uint64_t encrypted = 0;
  for (const auto& [name, upstream] : what.upstreams) {
    if (upstream.kind == upstream_kind::echo) continue;
    (upstream.base_url.tls ? encrypted : plain) += std::max<std::size_t>(upstream.connections, workers);
  }
  std::vector<memory_term> terms{
      {"process", 1, process},
      {"workers", workers, worker},
      {"reading the largest body", workers, times(reading, largest)},
      {"connections", std::max<std::size_t>(limits.connections, workers),
       connection + headers * limits.header_bytes + (what.listen.tls.on() ? tls : 0)},
      {"requests in flight", std::max<std::size_t>(limits.in_flight, workers), request + headers * limits.header_bytes},
      // The allocator may lose a quarter between blocks of all sizes.
      {"buffered", 5, limits.buffered_bytes / 4},
      {"upstream connections", plain, upstream_connection},
      {"upstream connections, TLS", encrypted, upstream_connection + tls},
      // A request in flight has two entries, whether there is room for them or not.
      {"audit entries", plus(what.topology.audit.queue, times(2, limits.in_flight)), queued_entry},
  };
  std::erase_if(terms, [](const memory_term& each) { return each.count == 0; });
  return terms;
}

std::uint64_t memory_ceiling(const std::vector<memory_term>& terms) {
  std::uint64_t sum = 0;
  for (const auto& each : terms) sum = plus(sum, each.bytes());
  return sum;
}

} // namespace gateway
