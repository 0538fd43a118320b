#include "http/endpoints/admin_audit.hpp"

#include "http/endpoints/audit_json.hpp"
#include "http/endpoints/audit_wish.hpp"
#include "http/endpoints/query.hpp"
#include "runtime/ask.hpp"

#include <algorithm>
#include <utility>

namespace gateway {
namespace {

using nlohmann::ordered_json;

constexpr std::chrono::milliseconds flush_within{2000};
/// So much goes out in one write: a caller who reads slowly has `timeouts.body_s` for each.
constexpr std::size_t piece_size = 65536;

task<void> answer_page(exchange& talk, audit_page page) {
  auto list = ordered_json::array();
  for (const auto& row : page.rows) list.push_back(to_json(row));
  if (page.next) talk.reply.add_header("Link", next_link(talk.asked, std::to_string(*page.next)));
  co_await talk.reply.send(200, "application/json", list.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

/// The next page is asked for when the last one has gone out: whoever reads slowly is read for slowly, and no more than
/// a page is ever in memory.
task<void> stream_pages(exchange& talk, audit_wish wish, audit_page page) {
  const bool csv = wish.format == audit_format::csv;
  talk.reply.start_stream(csv ? "text/csv; charset=utf-8" : "application/x-ndjson");
  std::string piece;
  if (csv) append_csv_header(piece);
  while (true) {
    for (const auto& row : page.rows) {
      csv ? append_csv_line(piece, row) : append_json_line(piece, row);
      if (piece.size() < piece_size) continue;
      if (!co_await talk.reply.write_events(piece)) co_return talk.caller_left();
      piece.clear();
    }
    wish.limit -= std::min<std::uint64_t>(wish.limit, page.rows.size());
    if (!page.next || wish.limit == 0) break;
    wish.query.before = page.next;
    wish.query.limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(wish.limit, largest_audit_page));
    auto next = co_await ask(talk.house.people->audit_reader, query_atom::value, wish.query);
    if (!next) co_return co_await talk.refuse(std::move(next.error()));
    page = std::move(*next);
  }
  if (!co_await talk.reply.finish_events(piece)) talk.caller_left();
}

} // namespace

task<result<void>> catch_up(exchange& talk) {
  // Also for whoever looks right after a request.
  co_await talk.house.outbox.flush(flush_within);
  co_return co_await ask(talk.house.people->audit, commit_atom::value);
}

task<void> list_audit(exchange& talk) {
  auto wish = read_audit_wish(talk.asked);
  if (!wish) co_return co_await talk.refuse(std::move(wish.error()));
  if (wish->format != audit_format::json && talk.asked.is_http_1_0)
    co_return co_await talk.refuse(
        fail(ec::request_invalid, "an export needs HTTP/1.1: in HTTP/1.0 one that was cut would look whole").value());
  auto seen = co_await catch_up(talk);
  if (!seen) co_return co_await talk.refuse(std::move(seen.error()));
  auto page = co_await ask(talk.house.people->audit_reader, query_atom::value, wish->query);
  if (!page) co_return co_await talk.refuse(std::move(page.error()));
  if (wish->format == audit_format::json) co_return co_await answer_page(talk, std::move(*page));
  co_await stream_pages(talk, std::move(*wish), std::move(*page));
}

} // namespace gateway
