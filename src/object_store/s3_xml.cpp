#include "object_store/s3_xml.h"

#include <pugixml.hpp>
#include <sstream>

#include "base/encoding.h"
#include "object_store/s3_crc32c.h"

namespace sluice::s3_xml {
namespace {

/// The root element if the text is whole and the root has that name.
class Document {
 public:
  Document(std::string_view xml, const char* root) {
    // No entity but the five of XML is resolved by pugixml; white space may be a key.
    const auto flags = pugi::parse_default | pugi::parse_ws_pcdata_single;
    if (!document_.load_buffer(xml.data(), xml.size(), flags)) return;
    root_ = document_.child(root);
  }
  explicit operator bool() const { return static_cast<bool>(root_); }
  const pugi::xml_node& operator*() const { return root_; }
  const pugi::xml_node* operator->() const { return &root_; }

 private:
  pugi::xml_document document_;
  pugi::xml_node root_;
};

/// `encoding-type=url`: as in a form, so `+` is a space.
std::string url_decode(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    std::optional<std::string> byte;
    if (text[i] == '%' && i + 2 < text.size()) byte = hex_decode(text.substr(i + 1, 2));
    if (byte) {
      out += *byte;
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string text_of(const pugi::xml_node& node, const char* name) {
  return node.child(name).text().get();
}

class KeyReader {
 public:
  explicit KeyReader(const pugi::xml_node& root)
      : encoded_(text_of(root, "EncodingType") == "url") {}
  std::string operator()(const pugi::xml_node& node, const char* name) const {
    const std::string text = text_of(node, name);
    return encoded_ ? url_decode(text) : text;
  }

 private:
  bool encoded_;
};

}  // namespace

std::string bare_etag(std::string_view text) {
  std::string_view bare = trim(text);
  if (bare.size() >= 2 && bare.front() == '"' && bare.back() == '"') {
    bare = bare.substr(1, bare.size() - 2);
  }
  return std::string(bare);
}

std::optional<ErrorBody> read_error(std::string_view xml) {
  const Document root(xml, "Error");
  if (!root) return std::nullopt;
  return ErrorBody{text_of(*root, "Code"), text_of(*root, "Message"), text_of(*root, "Region"),
                   text_of(*root, "Endpoint")};
}

std::optional<std::string> read_upload_id(std::string_view xml) {
  const Document root(xml, "InitiateMultipartUploadResult");
  if (!root) return std::nullopt;
  std::string id = text_of(*root, "UploadId");
  if (id.empty()) return std::nullopt;
  return id;
}

std::optional<std::string> read_complete(std::string_view xml) {
  const Document root(xml, "CompleteMultipartUploadResult");
  if (!root) return std::nullopt;
  return bare_etag(text_of(*root, "ETag"));
}

std::optional<Copied> read_copied(std::string_view xml) {
  for (const char* name : {"CopyObjectResult", "CopyPartResult"}) {
    const Document root(xml, name);
    if (root) return Copied{bare_etag(text_of(*root, "ETag")), text_of(*root, "ChecksumCRC32C")};
  }
  return std::nullopt;
}

std::optional<ObjectPage> read_objects(std::string_view xml) {
  const Document root(xml, "ListBucketResult");
  if (!root) return std::nullopt;
  const KeyReader key(*root);
  ObjectPage page;
  for (const pugi::xml_node& node : root->children("Contents")) {
    ObjectInfo info;
    info.key = key(node, "Key");
    info.size = node.child("Size").text().as_ullong();
    info.etag = bare_etag(text_of(node, "ETag"));
    page.objects.push_back(std::move(info));
  }
  if (root->child("IsTruncated").text().as_bool()) {
    page.next = text_of(*root, "NextContinuationToken");
    if (page.next.empty()) return std::nullopt;  // More is promised, but not how to get it.
  }
  return page;
}

std::optional<UploadPage> read_uploads(std::string_view xml) {
  const Document root(xml, "ListMultipartUploadsResult");
  if (!root) return std::nullopt;
  const KeyReader key(*root);
  UploadPage page;
  for (const pugi::xml_node& node : root->children("Upload")) {
    page.uploads.push_back({key(node, "Key"), text_of(node, "UploadId")});
  }
  page.more = root->child("IsTruncated").text().as_bool();
  page.next_key = key(*root, "NextKeyMarker");
  page.next_upload_id = text_of(*root, "NextUploadIdMarker");
  return page;
}

std::string write_complete(const std::vector<Part>& parts) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("CompleteMultipartUpload");
  root.append_attribute("xmlns") = "http://s3.amazonaws.com/doc/2006-03-01/";
  for (const Part& part : parts) {
    pugi::xml_node node = root.append_child("Part");
    node.append_child("PartNumber").text() = part.number;
    node.append_child("ETag").text() = ("\"" + part.etag + "\"").c_str();
    if (part.crc32c) {
      node.append_child("ChecksumCRC32C").text() = crc32c_text(*part.crc32c).c_str();
    }
  }
  std::ostringstream out;
  document.save(out, "", pugi::format_raw);
  return out.str();
}

}  // namespace sluice::s3_xml
