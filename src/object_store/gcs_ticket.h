#pragma once

#include <cstdint>
#include <string>

#include "object_store/object_store.h"

namespace sluice {

/// A staged object of the GCS store, as its ticket holds it.
struct GcsTicket {
  std::string key;
  std::string job_id;
  std::string content_type;
  Overwrite overwrite = Overwrite::kReplace;
  uint64_t size = 0;
  uint32_t crc32c = 0;  ///< Of all bytes.
  bool finished = false;
  /// Relative to the spool folder: the whole object or, with an upload, its last chunk.
  std::string spool_file;
  std::string upload_id;  ///< Empty: no upload was begun.
  uint64_t sent = 0;      ///< Bytes that the upload has; the rest is in the spool.
};

StageTicket write_ticket(const GcsTicket& ticket);
/// kCorrupt when the text is no ticket of this store.
GcsTicket read_gcs_ticket(const StageTicket& ticket);

}  // namespace sluice
