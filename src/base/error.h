#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace sluice {

/// What went wrong, as far as a caller has to act on it. The HTTP status (api/errors.cpp) and
/// whether a job is tried again (jobs/retry.h) follow from the code alone.
enum class ErrorCode {
  kInvalid,          ///< The request or its data is wrong; the same call fails again.
  kUnauthenticated,  ///< Credentials were refused (by a store, or a user's for a connection).
  kForbidden,        ///< Understood, but not allowed; says what to undo or which right is missing.
  kNotFound,         ///< A named thing does not exist.
  kConflict,         ///< The thing is in a state that does not allow this.
  kTooLarge,         ///< A body, statement or value passes its limit.
  kTooMany,          ///< A queue or a rate is full; later it may work.
  kTimeout,          ///< A deadline passed.
  kCancelled,        ///< Someone asked for it to stop.
  kUnavailable,      ///< Another party could not be reached, throttles or failed; may heal.
  kBusy,             ///< A lock of a database was not released in time; may heal.
  kStorage,          ///< A local disk refused: full, read-only, I/O error.
  kCorrupt,          ///< Data read back is not what was written.
  kInternal,         ///< A bug of ours.
};

/// Stable spelling of a code for logs and the job table, for example "not_found".
std::string_view error_code_name(ErrorCode code);

/// The one exception type. Failures of libraries are translated to it at the door of the room that
/// owns the library; it is caught only at the edges (HTTP, job, loops, main).
/// `message` says what happened to what; `hint` says what to do next and may be empty. Neither
/// holds a secret.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, std::string message, std::string hint = {});

  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }

  /// The same error with what was being done in front: "reading page 3: <message>".
  Error within(std::string_view doing) const;

 private:
  ErrorCode code_;
  std::string message_;
  std::string hint_;
};

}  // namespace sluice
