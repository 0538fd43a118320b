#include "tests/acceptance/load_until_killed.hpp"

#include "tests/acceptance/gateway_fixture.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

using nlohmann::json;

constexpr int prompt_tokens = 9;

/// Some number of tokens, always the same for the same request, and with those of the prompt no more than it holds.
int tokens_of(const std::string& id) {
  std::uint32_t sum = 17;
  for (const char c : id) sum = sum * 31 + static_cast<unsigned char>(c);
  return static_cast<int>(1 + sum % 25);
}

bool wants_stream(const upstream_talk& talk) { return json::parse(talk.asked.body).value("stream", false); }

void answer(upstream_talk& talk, const std::string& id) {
  const auto tokens = tokens_of(id);
  if (!wants_stream(talk)) return answer_with(200, completion("hello", prompt_tokens, tokens))(talk);
  stream_of({text_chunk("hel"), text_chunk("lo"), finish_chunk(), usage_chunk(prompt_tokens, tokens), "[DONE]"})(talk);
}

void hang(upstream_talk& talk) {
  if (wants_stream(talk)) {
    talk.start_events();
    talk.send_event(text_chunk("hel"));
  }
  talk.wait_for_end();
}

token_usage usage_in(const json& answer) {
  token_usage found;
  if (!answer.contains("usage") || answer.at("usage").is_null()) return found;
  found.prompt_tokens = answer.at("usage").at("prompt_tokens").get<std::uint64_t>();
  found.completion_tokens = answer.at("usage").at("completion_tokens").get<std::uint64_t>();
  return found;
}

std::string body_for(bool stream) {
  auto body = json::parse(chat_body("gpt", stream));
  body["max_tokens"] = 30;
  if (stream) body["stream_options"]["include_usage"] = true;
  return body.dump();
}

} // namespace

noting_upstream::noting_upstream(std::uint32_t hangs_one_in) : hangs_one_in_(hangs_one_in) {
  upstream_.always([this](upstream_talk& talk) {
    const auto id = talk.asked.header("X-Request-ID");
    if (note(id)) return hang(talk);
    answer(talk, id);
  });
}

bool noting_upstream::note(const std::string& id) {
  const std::lock_guard lock(mutex_);
  reached_.insert(id);
  return ++count_ % hangs_one_in_ == 0;
}

std::set<std::string> noting_upstream::reached() const {
  const std::lock_guard lock(mutex_);
  return reached_;
}

token_usage noting_upstream::usage_of(const std::string& id) {
  token_usage usage;
  usage.prompt_tokens = prompt_tokens;
  usage.completion_tokens = static_cast<std::uint64_t>(tokens_of(id));
  return usage;
}

load_until_killed::load_until_killed(std::uint16_t port, const std::vector<caller>& callers) {
  for (const auto& each : callers) threads_.emplace_back([this, port, each] { run(port, each); });
}

void load_until_killed::run(std::uint16_t port, const caller& who) {
  try {
    http_client line(port);
    for (std::size_t number = 1;; ++number) {
      const auto id = who.name + "-" + std::to_string(number);
      const bool stream = number % 2 == 0;
      auto headers = with_key(who.key);
      headers.emplace_back("X-Request-ID", id);
      if (!line.send(request_text("POST", "/v1/chat/completions", std::move(headers), body_for(stream)))) return;
      const auto heard = stream ? read_stream(id, line) : read_answer(line);
      note(id, heard);
      if (heard.status != 200) return;
    }
  } catch (const std::runtime_error&) {
    // Its gateway was killed.
  }
}

load_until_killed::told load_until_killed::read_answer(http_client& line) {
  const auto answer = line.read_response();
  return {answer.status, true, usage_in(answer.json())};
}

load_until_killed::told load_until_killed::read_stream(const std::string& id, http_client& line) {
  told heard{line.read_head().status, false, {}};
  note(id, heard);
  bool done = false;
  while (const auto event = line.read_event()) {
    const std::string_view data = std::string_view(*event).substr(std::string_view("data: ").size());
    if (data == "[DONE]")
      done = true;
    else if (const auto usage = usage_in(json::parse(data)); usage.total() > 0)
      heard.usage = usage;
  }
  if (heard.status == 200 && !done) throw std::runtime_error("the stream was cut");
  heard.whole = true;
  return heard;
}

void load_until_killed::note(const std::string& id, const told& what) {
  const std::lock_guard lock(mutex_);
  answers_[id] = what;
  begun_ += what.whole ? 0 : 1;
  whole_ += what.whole ? 1 : 0;
  changed_.notify_all();
}

void load_until_killed::wait_for(const std::size_t& count, std::size_t answers) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, 3 * patience, [&] { return count >= answers; }))
    throw std::runtime_error("the answers do not come");
}

void load_until_killed::wait_for_begun(std::size_t streams) { wait_for(begun_, streams); }

void load_until_killed::wait_for_whole(std::size_t answers) { wait_for(whole_, answers); }

void load_until_killed::join() {
  for (auto& each : threads_) each.join();
  threads_.clear();
}

} // namespace gateway
