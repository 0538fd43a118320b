#pragma once

#include "tests/acceptance/gateway_fixture.hpp"
#include "tests/acceptance/scripted_upstream.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace gateway {

/// A gateway before a scripted upstream, and a program of clients/ that calls its model `gpt` with a package from npm.
/// Each call runs the program once, and returns what the package saw, in the program's words; it throws
/// std::runtime_error when the program failed.
class clients_fixture {
 public:
  /// The name of the program, without `.mjs`.
  explicit clients_fixture(std::string program);

  std::string play(const std::string& scenario, const std::string& model = "gpt");
  std::string play_as(const nlohmann::json& who, const std::string& scenario, const std::string& model = "gpt");

  std::string chats();
  std::string streams();
  /// Each asks twice: for the call, and with what the tool said.
  std::string calls_a_tool();
  std::string calls_a_streamed_tool();
  /// The upstream says two events of a stream, and closes.
  std::string reads_a_cut_stream(const std::string& scenario = "cut_stream");
  /// Chats with an upstream that answers 429 at first.
  std::string asks_a_busy_upstream();
  /// Aborts a stream that would never end, and chats; the upstream answers the chat only once it saw the stream closed.
  std::string leaves_a_stream();
  /// The vectors are [0.5,-0.25] and [2,3], as text or packed, as the client asks for them.
  std::string embeds(const std::string& scenario = "embeddings");

  /// The body of a request that the upstream got.
  nlohmann::json asked(std::size_t number) const;

  scripted_upstream upstream;
  gateway_fixture gateway;
  nlohmann::json key;

 private:
  std::string program_;
};

} // namespace gateway
