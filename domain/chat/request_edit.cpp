#include "domain/chat/request_edit.hpp"

#include "domain/chat/json_text.hpp"

#include <utility>

namespace gateway {

edited_body::edited_body(std::string_view body, const request_scan& scan, std::string_view upstream_model) {
  std::array<splice, 2> edits;
  std::size_t count = 0;
  if (!upstream_model.empty() && scan.model != upstream_model) {
    model_ = json_quoted(upstream_model);
    if (scan.model) {
      edits[count++] = {scan.model_offset, scan.model_length, model_};
    } else {
      // A body that was let through has a prompt at least, so that there is a field to put the comma before.
      model_ = "\"model\":" + model_ + ",";
      edits[count++] = {scan.fields_offset, 0, model_};
    }
  }
  if (scan.usage_request) edits[count++] = *scan.usage_request;
  // Where both are put in front, the model comes first.
  if (count == 2 && edits[1].offset < edits[0].offset) std::swap(edits[0], edits[1]);
  std::size_t done = 0;
  for (const auto& edit : std::span(edits).first(count)) {
    add(body.substr(done, edit.offset - done));
    add(edit.text);
    done = edit.offset + edit.length;
  }
  add(body.substr(done));
}

void edited_body::add(std::string_view piece) {
  if (piece.empty()) return;
  pieces_[count_++] = piece;
  size_ += piece.size();
}

std::string edited_body::text() const {
  std::string whole;
  whole.reserve(size_);
  for (const auto piece : pieces()) whole += piece;
  return whole;
}

} // namespace gateway
