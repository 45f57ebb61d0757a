#include "object_store/s3_ticket.h"

#include <nlohmann/json.hpp>

#include "base/crc32c.h"
#include "base/error.h"
#include "object_store/s3_crc32c.h"
#include "object_store/staging.h"

namespace sluice {

namespace {

using nlohmann::json;

/// `parts`: pairs of ETag and checksum, which is empty where none was sent. Tickets of an earlier
/// version have `etags`.
std::vector<s3_xml::Part> read_parts(const json& text) {
  std::vector<s3_xml::Part> parts;
  const auto add = [&](const json& etag, const std::string& crc) {
    parts.push_back({static_cast<int>(parts.size()) + 1, etag, read_crc32c(crc)});
  };
  if (text.contains("etags")) {
    for (const json& etag : text.at("etags")) add(etag, "");
  } else {
    for (const json& part : text.at("parts")) add(part.at(0), part.at(1));
  }
  return parts;
}

const char* kind_of(const S3Ticket& ticket) {
  if (!ticket.folder.empty()) return "folder";
  if (!ticket.source.empty()) return "copy";
  return ticket.upload_id.empty() ? "put" : "multipart";
}

/// What the kinds of tickets have each.
void read_kind(const json& text, S3Ticket& out) {
  const std::string kind = text.at("kind");
  if (kind == "put") {
    out.spool_file = text.at("spool_file");
    check_staging_path(out.spool_file);
  } else if (kind == "copy") {
    out.source = text.at("source");
  } else if (kind == "folder") {
    out.folder = text.at("folder");
    // All that is there will be removed.
    if (!out.folder.ends_with('/')) {
      throw Error(ErrorCode::kCorrupt, "A ticket of a folder does not name a folder.");
    }
  } else {
    out.upload_id = text.at("upload_id");
    out.parts = read_parts(text);
  }
}

}  // namespace

StageTicket write_ticket(const S3Ticket& ticket) {
  json text = {{"store", "s3"},
               {"kind", kind_of(ticket)},
               {"key", ticket.key},
               {"job_id", ticket.job_id},
               {"content_type", ticket.content_type},
               {"overwrite", ticket.overwrite == Overwrite::kReplace ? "replace" : "never"},
               {"size", ticket.size},
               {"finished", ticket.finished}};
  if (ticket.crc32c) text["crc32c"] = crc32c_text(*ticket.crc32c);
  if (!ticket.folder.empty()) {
    text["folder"] = ticket.folder;
  } else if (!ticket.source.empty()) {
    text["source"] = ticket.source;
  } else if (ticket.upload_id.empty()) {
    text["spool_file"] = ticket.spool_file;
  } else {
    text["upload_id"] = ticket.upload_id;
    json& parts = text["parts"] = json::array();
    for (const s3_xml::Part& part : ticket.parts) {
      parts.push_back(json::array({part.etag, part.crc32c ? crc32c_text(*part.crc32c) : ""}));
    }
  }
  // An ETag or upload id is the store's text: what is not UTF-8 must not throw.
  return {text.dump(-1, ' ', false, json::error_handler_t::replace)};
}

S3Ticket read_ticket(const StageTicket& ticket) {
  try {
    const json text = json::parse(ticket.text);
    S3Ticket out;
    if (text.at("store") != "s3") throw Error(ErrorCode::kCorrupt, "The ticket is not of S3.");
    out.key = text.at("key");
    out.job_id = text.at("job_id");
    out.content_type = text.at("content_type");
    out.overwrite = text.at("overwrite") == "never" ? Overwrite::kNever : Overwrite::kReplace;
    out.size = text.at("size");
    out.finished = text.at("finished");
    out.crc32c = read_crc32c(text.value("crc32c", ""));
    read_kind(text, out);
    return out;
  } catch (const json::exception& error) {
    throw Error(ErrorCode::kCorrupt,
                std::string("A staged object's ticket cannot be read: ") + error.what() + ".");
  }
}

}  // namespace sluice
