#include "object_store/s3_ticket.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "object_store/staging.h"

namespace sluice {

using nlohmann::json;

StageTicket write_ticket(const S3Ticket& ticket) {
  json text = {{"store", "s3"},
               {"kind", ticket.upload_id.empty() ? "put" : "multipart"},
               {"key", ticket.key},
               {"job_id", ticket.job_id},
               {"content_type", ticket.content_type},
               {"overwrite", ticket.overwrite == Overwrite::kReplace ? "replace" : "never"},
               {"size", ticket.size},
               {"finished", ticket.finished}};
  if (ticket.upload_id.empty()) {
    text["spool_file"] = ticket.spool_file;
    text["sha256"] = ticket.sha256;
  } else {
    text["upload_id"] = ticket.upload_id;
    json& etags = text["etags"] = json::array();
    for (const s3_xml::Part& part : ticket.parts) etags.push_back(part.etag);
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
    if (text.at("kind") == "put") {
      out.spool_file = text.at("spool_file");
      out.sha256 = text.at("sha256");
      check_staging_path(out.spool_file);
    } else {
      out.upload_id = text.at("upload_id");
      for (const json& etag : text.at("etags")) {
        out.parts.push_back({static_cast<int>(out.parts.size()) + 1, etag});
      }
    }
    return out;
  } catch (const json::exception& error) {
    throw Error(ErrorCode::kCorrupt,
                std::string("A staged object's ticket cannot be read: ") + error.what() + ".");
  }
}

}  // namespace sluice
