#include "tests/acceptance/scripted_upstream.hpp"

#include <nlohmann/json.hpp>

#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace gateway {
namespace {

/// Reads the next request; nothing when the peer has left.
std::optional<received_request> read_request(loopback_socket& peer, std::string& buffer) {
  std::size_t end = 0;
  while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
    const auto got = peer.receive();
    if (got.empty()) return std::nullopt;
    buffer += got;
  }
  received_request asked;
  std::size_t at = buffer.find("\r\n");
  asked.request_line = buffer.substr(0, at);
  while (at < end) {
    const auto stop = buffer.find("\r\n", at + 2);
    const auto line = buffer.substr(at + 2, stop - at - 2);
    const auto colon = line.find(": ");
    asked.headers.emplace_back(line.substr(0, colon), colon == std::string::npos ? "" : line.substr(colon + 2));
    at = stop;
  }
  buffer.erase(0, end + 4);
  const auto length = asked.header("content-length");
  const auto size = length.empty() ? std::size_t{0} : std::stoul(length);
  while (buffer.size() < size) {
    const auto got = peer.receive();
    if (got.empty()) return std::nullopt;
    buffer += got;
  }
  asked.body = buffer.substr(0, size);
  buffer.erase(0, size);
  return asked;
}

std::string head(int status, const header_list& headers, std::string_view framing) {
  auto text = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
  for (const auto& [name, value] : headers) text.append(name).append(": ").append(value).append("\r\n");
  return text.append(framing).append("\r\n\r\n");
}

} // namespace

void gate::pass() const {
  if (opened_.wait_for(patience) != std::future_status::ready) throw std::runtime_error("a gate was never opened");
}

void upstream_talk::start_events(header_list headers) {
  if (find_header(headers, "content-type").empty()) headers.emplace_back("Content-Type", "text/event-stream");
  send(head(200, headers, "Transfer-Encoding: chunked"));
}

bool upstream_talk::send_event(std::string_view data) {
  const auto frame = "data: " + std::string(data) + "\n\n";
  constexpr std::string_view hex = "0123456789abcdef";
  std::string size;
  for (auto rest = frame.size(); rest > 0; rest /= 16) size.insert(size.begin(), hex[rest % 16]);
  return send(size + "\r\n" + frame + "\r\n");
}

void upstream_talk::finish_events() { send("0\r\n\r\n"); }

void upstream_talk::wait_for_end() {
  while (!peer_.receive().empty()) continue;
  close();
}

script answer_with(int status, std::string body, header_list headers) {
  if (find_header(headers, "content-type").empty()) headers.emplace_back("Content-Type", "application/json");
  return [=](upstream_talk& talk) {
    talk.send(head(status, headers, "Content-Length: " + std::to_string(body.size())) + body);
  };
}

script stream_of(std::vector<std::string> events) {
  return [events = std::move(events)](upstream_talk& talk) {
    talk.start_events();
    for (const auto& event : events) talk.send_event(event);
    talk.finish_events();
  };
}

std::string completion(std::string_view text, int prompt_tokens, int completion_tokens) {
  const nlohmann::ordered_json message{{"role", "assistant"}, {"content", text}};
  const nlohmann::ordered_json choice{{"index", 0}, {"message", message}, {"finish_reason", "stop"}};
  const nlohmann::ordered_json usage{{"prompt_tokens", prompt_tokens},
                                     {"completion_tokens", completion_tokens},
                                     {"total_tokens", prompt_tokens + completion_tokens}};
  auto whole = nlohmann::ordered_json::object();
  whole["id"] = "chatcmpl-1";
  whole["object"] = "chat.completion";
  whole["created"] = 1700000000;
  whole["model"] = "provider-model";
  whole["choices"].push_back(choice);
  whole["usage"] = usage;
  return whole.dump();
}

std::string text_chunk(std::string_view text) {
  return R"({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"provider-model",)"
         R"("choices":[{"index":0,"delta":{"content":)" +
         nlohmann::json(text).dump() + R"(},"finish_reason":null}]})";
}

std::string finish_chunk() {
  return R"({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"provider-model",)"
         R"("choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})";
}

std::string usage_chunk(int prompt_tokens, int completion_tokens) {
  return R"({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"provider-model",)"
         R"("choices":[],"usage":{"prompt_tokens":)" +
         std::to_string(prompt_tokens) + R"(,"completion_tokens":)" + std::to_string(completion_tokens) +
         R"(,"total_tokens":)" + std::to_string(prompt_tokens + completion_tokens) + "}}";
}

scripted_upstream::scripted_upstream()
    : listening_(loopback_socket::listen()),
      port_(listening_.port()),
      otherwise_(answer_with(200, completion("hello"))),
      acceptor_([this] { accept_all(); }) {}

scripted_upstream::~scripted_upstream() {
  listening_.shut_down();
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (auto& each : peers_) each.shut_down();
  }
  for (auto& each : threads_) each.join();
}

std::string scripted_upstream::base_url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1"; }

void scripted_upstream::next(script how) {
  const std::lock_guard lock(mutex_);
  scripts_.push_back(std::move(how));
}

void scripted_upstream::always(script how) {
  const std::lock_guard lock(mutex_);
  otherwise_ = std::move(how);
}

std::vector<received_request> scripted_upstream::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

received_request scripted_upstream::wait_for_request(std::size_t count) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, patience, [&] { return requests_.size() >= count; }))
    throw std::runtime_error("the upstream was not asked in time");
  return requests_[count - 1];
}

std::size_t scripted_upstream::connections() const {
  const std::lock_guard lock(mutex_);
  return peers_.size();
}

void scripted_upstream::wait_for_ends(std::size_t count) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, patience, [&] { return ended_ >= count; }))
    throw std::runtime_error("the connections to the upstream did not end in time");
}

void scripted_upstream::accept_all() {
  while (auto peer = listening_.accept()) {
    const std::lock_guard lock(mutex_);
    auto& kept = peers_.emplace_back(std::move(*peer));
    threads_.emplace_back([this, &kept, number = peers_.size() - 1] { serve(kept, number); });
  }
}

script scripted_upstream::take_script(const received_request& asked) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(asked);
  changed_.notify_all();
  if (scripts_.empty()) return otherwise_;
  auto how = std::move(scripts_.front());
  scripts_.pop_front();
  return how;
}

upstream_talk::ending scripted_upstream::talk_with(loopback_socket& peer, std::size_t number) {
  std::string buffer;
  while (auto asked = read_request(peer, buffer)) {
    asked->connection = number;
    upstream_talk talk(peer, *asked);
    take_script (*asked)(talk);
    if (talk.after() != upstream_talk::ending::stays) return talk.after();
  }
  return upstream_talk::ending::closed;
}

void scripted_upstream::serve(loopback_socket& peer, std::size_t number) {
  auto how = upstream_talk::ending::closed;
  try {
    how = talk_with(peer, number);
  } catch (const std::exception&) {
    // The test sees it: what it waits for does not come.
  }
  const std::lock_guard lock(mutex_);
  how == upstream_talk::ending::reset ? peer.reset() : peer.close();
  ++ended_;
  changed_.notify_all();
}

} // namespace gateway
