#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sluice {

/// An exception of the server, as it writes them: `Code: 62. DB::Exception: ...`, before 20.x with
/// a comma behind the code.
struct ClickhouseException {
  int code = 0;
  std::string text;  ///< Without code, version and what is only the server's own.
};

/// The one that `text` begins with, or that is announced there in the middle of an answer
/// (`__exception__`); nothing where there is none.
std::optional<ClickhouseException> read_exception(std::string_view text);
/// The same, anywhere in the text, the last one.
std::optional<ClickhouseException> find_exception(std::string_view text);
/// Whether an exception, and no block, may begin with these bytes: then at least
/// `kExceptionLead` of them are needed to tell.
bool may_be_exception(char first);
inline constexpr size_t kExceptionLead = 17;

/// What its code means to a caller: wrong SQL, refused credentials, what can't be read, what may
/// heal. ClickHouse's codes are those of its ErrorCodes.cpp, which it documents as system.errors.
Error clickhouse_error(const ClickhouseException& exception, const std::string& doing);

}  // namespace sluice
