// The listings of FakeS3, page by page.
#include <pugixml.hpp>
#include <sstream>
#include <utility>

#include "base/encoding.h"
#include "support/fake_s3_call.h"

namespace sluice {
namespace {

/// As S3 encodes keys in listings: a form, with spaces as `+`.
std::string form_encode(const std::string& text) {
  std::string out;
  for (char c : percent_encode_path(text)) out += c;
  for (size_t at = out.find("%20"); at != std::string::npos; at = out.find("%20", at)) {
    out.replace(at, 3, "+");
  }
  return out;
}

std::string xml_of(const pugi::xml_document& document) {
  std::ostringstream out;
  document.save(out, "", pugi::format_raw);
  return out.str();
}

}  // namespace

using fake_s3::answer;

HttpResponse FakeS3::list_objects(const Parsed& call) const {
  const auto token = call.query.find("continuation-token");
  const std::string after = token == call.query.end() ? "" : hex_decode(token->second).value();
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("ListBucketResult");
  root.append_child("EncodingType").text() = "url";
  size_t count = 0;
  bool more = false;
  std::string last;
  for (const auto& [key, object] : objects_) {
    if (!key.starts_with(call.query.at("prefix")) || (!after.empty() && key <= after)) continue;
    if (count == page_size_) {
      more = true;
      break;
    }
    pugi::xml_node node = root.append_child("Contents");
    node.append_child("Key").text() = form_encode(key).c_str();
    node.append_child("Size").text() = object.bytes.size();
    node.append_child("ETag").text() = ("\"" + object.etag + "\"").c_str();
    last = key;
    ++count;
  }
  root.append_child("IsTruncated").text() = more;
  if (more) root.append_child("NextContinuationToken").text() = hex_encode(last).c_str();
  return answer(200, xml_of(document));
}

HttpResponse FakeS3::list_uploads(const Parsed& call) const {
  const auto marker = call.query.find("upload-id-marker");
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("ListMultipartUploadsResult");
  root.append_child("EncodingType").text() = "url";
  size_t count = 0;
  bool more = false;
  std::pair<std::string, std::string> last;
  for (const auto& [id, upload] : uploads_) {
    if (!upload.key.starts_with(call.query.at("prefix"))) continue;
    if (marker != call.query.end() && id <= marker->second) continue;
    if (count == page_size_) {
      more = true;
      break;
    }
    pugi::xml_node node = root.append_child("Upload");
    node.append_child("Key").text() = form_encode(upload.key).c_str();
    node.append_child("UploadId").text() = id.c_str();
    last = {upload.key, id};
    ++count;
  }
  root.append_child("IsTruncated").text() = more;
  if (more) {
    root.append_child("NextKeyMarker").text() = form_encode(last.first).c_str();
    root.append_child("NextUploadIdMarker").text() = last.second.c_str();
  }
  return answer(200, xml_of(document));
}

}  // namespace sluice
