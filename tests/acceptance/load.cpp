#include "tests/acceptance/load.hpp"

#include "tests/acceptance/gateway_fixture.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace gateway {
namespace {

/// Whether the connection ended before the first byte of an answer; not that none came in time.
bool was_turned_away(const std::runtime_error& error) {
  return dynamic_cast<const std::system_error*>(&error) ||
         std::string_view(error.what()) == "the connection ended in a line: ''";
}

bool is_out_of_quota(const http_response& answer) {
  return answer.status == 429 && answer.json().at("error").at("code") == "PLATFORM_QUOTA_EXCEEDED";
}

} // namespace

std::string complaint_about(const http_response& answer) {
  const auto said = [&](const char* what) { return std::string(what) + ": " + answer.status_line + " " + answer.body; };
  if (answer.status == 200 || answer.status == 201) return {};
  if (answer.status != 503) return said("neither a success nor 503");
  const auto error = answer.json().at("error");
  if (error.at("code") != "PLATFORM_DEPENDENCY_UNAVAILABLE") return said("another code");
  if (error.at("retry_after") < 1 || answer.header("Retry-After").empty()) return said("no word on when to come again");
  return {};
}

load::load(std::uint16_t port, std::vector<load_caller> callers)
    : callers_(std::move(callers)), active_(callers_.size()), tallies_(callers_.size()) {
  for (std::size_t i = 0; i < callers_.size(); ++i)
    threads_.emplace_back([this, port, i] {
      run(port, callers_[i], tallies_[i]);
      --active_;
    });
}

void load::run(std::uint16_t port, const load_caller& who, tally& mine) {
  const auto body = chat_body(who.model);
  std::unique_ptr<http_client> line;
  for (std::size_t number = 1; !stopping_; ++number) {
    const auto id = who.name + "-" + std::to_string(number);
    const bool is_new = who.may_be_turned_away || !line;
    try {
      if (is_new) line = std::make_unique<http_client>(port);
      auto headers = with_key(who.key);
      headers.emplace_back("X-Request-ID", id);
      const auto answer = line->call("POST", "/v1/chat/completions", std::move(headers), body);
      mine.answers[id] = answer.status;
      if (answer.status == 200) {
        ++served_;
        continue;
      }
      if (who.may_run_out && is_out_of_quota(answer)) return;
      line.reset(); // A refused caller comes anew.
      if (auto wrong = complaint_about(answer); !wrong.empty()) mine.complaints.push_back(id + ": " + wrong);
    } catch (const std::runtime_error& error) {
      line.reset();
      if (!who.may_be_turned_away || !was_turned_away(error)) mine.complaints.push_back(id + ": " + error.what());
    }
  }
}

void load::stop() {
  stopping_ = true;
  for (auto& each : threads_) each.join();
  threads_.clear();
  for (auto& each : std::exchange(tallies_, {})) {
    answers_.merge(each.answers);
    complaints_.insert(complaints_.end(), each.complaints.begin(), each.complaints.end());
  }
}

std::size_t load::count(int status) const {
  return static_cast<std::size_t>(
      std::count_if(answers_.begin(), answers_.end(), [=](const auto& each) { return each.second == status; }));
}

} // namespace gateway
