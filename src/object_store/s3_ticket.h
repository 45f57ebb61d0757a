#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "object_store/object_store.h"
#include "object_store/s3_xml.h"

namespace sluice {

/// A staged object of the S3 store, as its ticket holds it.
struct S3Ticket {
  std::string key;
  std::string job_id;
  std::string content_type;
  Overwrite overwrite = Overwrite::kReplace;
  uint64_t size = 0;
  /// Of all bytes. Nothing in a ticket of an earlier version.
  std::optional<uint32_t> crc32c = std::nullopt;
  bool finished = false;
  // Either bytes in the spool ...
  std::string spool_file = {};  ///< Relative to the spool folder; empty for all but these.
  // ... or an upload ...
  std::string upload_id = {};
  std::vector<s3_xml::Part> parts = {};
  // ... or an object that another party has written ...
  std::string source = {};  ///< Its key.
  // ... or all that another party writes under a prefix. Then nothing else is set.
  std::string folder = {};
};

StageTicket write_ticket(const S3Ticket& ticket);
/// kCorrupt when the text is no ticket of this store.
S3Ticket read_ticket(const StageTicket& ticket);

}  // namespace sluice
