#include "object_store/local_ticket.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "object_store/local_publish.h"
#include "object_store/staging.h"

namespace sluice {

using nlohmann::json;

StageTicket write_ticket(const LocalTicket& ticket) {
  const json text = {{"store", "local"},
                     {"key", ticket.key},
                     {"file", ticket.file},
                     {"overwrite", ticket.overwrite == Overwrite::kReplace ? "replace" : "never"},
                     {"size", ticket.size},
                     {"device", ticket.device},
                     {"inode", ticket.inode},
                     {"modified_ns", ticket.modified_ns}};
  return {text.dump()};
}

LocalTicket read_local_ticket(const StageTicket& ticket) {
  try {
    const json text = json::parse(ticket.text);
    if (text.at("store") != "local") {
      throw Error(ErrorCode::kCorrupt, "The ticket is not of a local store.");
    }
    LocalTicket out;
    out.key = text.at("key");
    out.file = text.at("file");
    out.overwrite = text.at("overwrite") == "never" ? Overwrite::kNever : Overwrite::kReplace;
    out.size = text.at("size");
    out.device = text.at("device");
    out.inode = text.at("inode");
    out.modified_ns = text.at("modified_ns");
    check_staging_path(out.file);
    check_local_key(out.key);
    return out;
  } catch (const json::exception& error) {
    throw Error(ErrorCode::kCorrupt,
                std::string("A staged file's ticket cannot be read: ") + error.what() + ".");
  }
}

}  // namespace sluice
