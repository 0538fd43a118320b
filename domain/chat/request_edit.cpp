#include "domain/chat/request_edit.hpp"

#include "domain/chat/json_text.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace gateway {

namespace {

// From the last edit to the first, so that no edit moves another's place.
void splice_all(std::string& body, std::span<const splice> edits) {
  auto size = body.size();
  for (const auto& edit : edits) size += edit.text.size() - edit.length;
  body.reserve(std::max(size, body.size()));
  for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit) body.replace(edit->offset, edit->length, edit->text);
}

} // namespace

std::string edit_request(std::string body, const request_scan& scan, std::string_view upstream_model) {
  std::array<splice, 2> edits;
  std::size_t count = 0;
  std::string model;
  if (!upstream_model.empty() && scan.model != upstream_model) {
    model = json_quoted(upstream_model);
    if (scan.model) {
      edits[count++] = {scan.model_offset, scan.model_length, model};
    } else {
      // A body that was let through has a prompt at least, so that there is a field to put the comma before.
      model = "\"model\":" + model + ",";
      edits[count++] = {scan.fields_offset, 0, model};
    }
  }
  if (scan.usage_request) edits[count++] = *scan.usage_request;
  if (count == 0) return body;
  const auto used = std::span(edits).first(count);
  std::ranges::sort(used, {}, &splice::offset);
  splice_all(body, used);
  return body;
}

} // namespace gateway
