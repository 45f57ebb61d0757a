#include "object_store/gcs_ticket.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "object_store/staging.h"

namespace sluice {

using nlohmann::json;

StageTicket write_ticket(const GcsTicket& ticket) {
  const json text = {{"store", "gcs"},
                     {"key", ticket.key},
                     {"job_id", ticket.job_id},
                     {"content_type", ticket.content_type},
                     {"overwrite", ticket.overwrite == Overwrite::kReplace ? "replace" : "never"},
                     {"size", ticket.size},
                     {"crc32c", ticket.crc32c},
                     {"finished", ticket.finished},
                     {"spool_file", ticket.spool_file},
                     {"upload_id", ticket.upload_id},
                     {"sent", ticket.sent}};
  // An upload's id is the store's text: what is not UTF-8 must not throw.
  return {text.dump(-1, ' ', false, json::error_handler_t::replace)};
}

GcsTicket read_gcs_ticket(const StageTicket& ticket) {
  try {
    const json text = json::parse(ticket.text);
    if (text.at("store") != "gcs") throw Error(ErrorCode::kCorrupt, "The ticket is not of GCS.");
    GcsTicket out;
    out.key = text.at("key");
    out.job_id = text.at("job_id");
    out.content_type = text.at("content_type");
    out.overwrite = text.at("overwrite") == "never" ? Overwrite::kNever : Overwrite::kReplace;
    out.size = text.at("size");
    out.crc32c = text.at("crc32c");
    out.finished = text.at("finished");
    out.spool_file = text.at("spool_file");
    out.upload_id = text.at("upload_id");
    out.sent = text.at("sent");
    check_staging_path(out.spool_file);
    return out;
  } catch (const json::exception& error) {
    throw Error(ErrorCode::kCorrupt,
                std::string("A staged object's ticket cannot be read: ") + error.what() + ".");
  }
}

}  // namespace sluice
