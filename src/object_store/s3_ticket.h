#pragma once

#include <cstdint>
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
  bool finished = false;
  // Either bytes in the spool ...
  std::string spool_file;  ///< Relative to the spool folder; empty for an upload.
  std::string sha256;      ///< Lower-case hex of the spooled bytes.
  // ... or an upload.
  std::string upload_id;
  std::vector<s3_xml::Part> parts;
};

StageTicket write_ticket(const S3Ticket& ticket);
/// kCorrupt when the text is no ticket of this store.
S3Ticket read_ticket(const StageTicket& ticket);

}  // namespace sluice
