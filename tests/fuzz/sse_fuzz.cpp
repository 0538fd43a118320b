// The input: a stream, and behind it five bytes that say how large an event may be and where the stream is split.
#include "domain/chat/sse_reader.hpp"
#include "tests/fuzz/require.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace gateway;

namespace {

constexpr std::size_t controls = 5;

struct reading {
  std::vector<std::string> events;
  bool too_large = false;
  friend bool operator==(const reading&, const reading&) = default;
};

reading read(const std::vector<std::string_view>& pieces, std::size_t limit) {
  sse_reader reader(limit);
  reading got;
  // From a copy of its own, so that a view that outlives its piece is seen.
  for (const auto piece : pieces) {
    reader.feed(std::string(piece));
    while (const auto data = reader.next()) got.events.emplace_back(*data);
  }
  if (const auto data = reader.finish()) got.events.emplace_back(*data);
  require(!reader.next() && !reader.finish(), "nothing comes after the end");
  got.too_large = reader.too_large();
  for (const auto& event : got.events) require(!event.empty() && event.size() <= limit, "events keep the limit");
  return got;
}

// The standard's own steps, line by line, without a thought of speed.
class plain_reader {
 public:
  plain_reader(std::string_view stream, std::size_t limit) : limit_(limit) {
    if (stream.starts_with("\xef\xbb\xbf")) stream.remove_prefix(3);
    while (!got_.too_large) {
      const auto end = stream.find_first_of("\r\n");
      take(stream.substr(0, end));
      if (end == std::string_view::npos) break;
      stream.remove_prefix(end + (stream.substr(end, 2) == "\r\n" ? 2 : 1));
    }
    if (!got_.too_large) dispatch();
  }

  const reading& got() const { return got_; }

 private:
  void take(std::string_view line) {
    got_.too_large = line.size() > limit_ + std::string_view("data: ").size();
    if (got_.too_large) return;
    if (line.empty()) {
      dispatch();
    } else if (line == "data") {
      add({});
    } else if (line.starts_with("data:")) {
      add(line.substr(line.starts_with("data: ") ? 6 : 5));
    }
  }

  void add(std::string_view value) {
    data_.append(value).push_back('\n');
    got_.too_large = data_.size() - 1 > limit_;
  }

  void dispatch() {
    if (data_.size() > 1) got_.events.push_back(data_.substr(0, data_.size() - 1));
    data_.clear();
  }

  std::size_t limit_;
  std::string data_;
  reading got_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < controls) return 0;
  const auto* text = reinterpret_cast<const char*>(bytes);
  const std::string_view stream(text, size - controls);
  const auto* control = bytes + stream.size();
  const std::size_t limit = control[0];
  const auto place = [&](std::size_t at) {
    return (control[at] * std::size_t{256} + control[at + 1]) % (stream.size() + 1);
  };
  const auto [first, second] = std::minmax({place(1), place(3)});

  const auto whole = read({stream}, limit);
  require(whole == plain_reader(stream, limit).got(), "the events are the standard's");
  require(whole == read({stream.substr(0, first), stream.substr(first, second - first), stream.substr(second)}, limit),
          "three pieces have the events of the whole");
  std::vector<std::string_view> single;
  for (std::size_t i = 0; i < stream.size(); ++i) single.push_back(stream.substr(i, 1));
  require(whole == read(single, limit), "single bytes have the events of the whole");
  return 0;
}
