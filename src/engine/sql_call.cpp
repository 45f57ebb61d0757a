#include "engine/sql_call.h"

#include <charconv>
#include <cmath>
#include <new>

#include "base/encoding.h"
#include "base/limits.h"

namespace sluice {
namespace {

/// Names are of users: what they write may be many.
constexpr size_t kZonesKept = 64;
constexpr size_t kShownBytes = 60;

template <typename Number>
bool read_number(std::string_view text, Number& number) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && end == text.data() + text.size() && !text.empty();
}

/// Cut where it is long, between characters.
std::string shown(std::string_view text) {
  if (text.size() <= kShownBytes) return "'" + std::string(text) + "'";
  size_t end = kShownBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return "'" + std::string(text.substr(0, end)) + "...'";
}

}  // namespace

const TimeZone& FunctionWorld::zone(std::string_view name) {
  const auto known = zones_.find(name);
  if (known != zones_.end()) return known->second;
  if (zones_.size() >= kZonesKept) zones_.clear();
  return zones_.emplace(std::string(name), TimeZone::find(name)).first->second;
}

bool SqlCall::has_null() const {
  for (size_t i = 0; i < size(); ++i) {
    if (is_null(i)) return true;
  }
  return false;
}

bool SqlCall::is_true(size_t i) const {
  // As sqlite.org/lang_expr.html: NULL and zero are not true, text is what it begins with.
  return !is_null(i) && sqlite3_value_double(value(i)) != 0.0;
}

std::string_view SqlCall::text(size_t i) const {
  sqlite3_value* const given = value(i);
  const void* const bytes =
      type(i) == SQLITE_BLOB ? sqlite3_value_blob(given) : sqlite3_value_text(given);
  const int count = sqlite3_value_bytes(given);
  if (bytes == nullptr || count <= 0) return {};
  return {static_cast<const char*>(bytes), static_cast<size_t>(count)};
}

int64_t SqlCall::integer(size_t i) const {
  if (type(i) == SQLITE_INTEGER) return sqlite3_value_int64(value(i));
  if (type(i) == SQLITE_FLOAT) {
    const double number = std::trunc(sqlite3_value_double(value(i)));
    if (number < -0x1p63 || number >= 0x1p63) throw wrong(i, "has no integer of 64 bits");
    return static_cast<int64_t>(number);
  }
  int64_t number = 0;
  if (!read_number(text(i), number)) throw wrong(i, "is no integer");
  return number;
}

int64_t SqlCall::integer(size_t i, int64_t least, int64_t most) const {
  const int64_t number = integer(i);
  if (number < least || number > most) {
    throw wrong(i, "is not between " + std::to_string(least) + " and " + std::to_string(most));
  }
  return number;
}

double SqlCall::real(size_t i) const {
  if (is_number(i)) return sqlite3_value_double(value(i));
  double number = 0;
  if (!read_number(text(i), number)) throw wrong(i, "is no number");
  return number;
}

const TimeZone* SqlCall::zone(size_t i) const {
  if (i >= size()) return nullptr;
  try {
    return &world_.zone(text(i));
  } catch (const Error& error) {
    // One sentence, since that is all that SQLite passes on.
    std::string said = error.message();
    if (said.ends_with('.')) said.pop_back();
    throw failed(said + (error.hint().empty() ? "" : ". " + error.hint()), error.code());
  }
}

void* SqlCall::keep_with(size_t i, void* kept, void (*free)(void*)) const {
  sqlite3_set_auxdata(context_, static_cast<int>(i), kept, free);
  // Where there is no memory for it, SQLite has freed it at once.
  if (kept_with(i) != kept) throw std::bad_alloc();
  return kept;
}

void SqlCall::give_text(std::string_view text) const {
  check_size(text.size());
  sqlite3_result_text64(context_, text.data() == nullptr ? "" : text.data(), text.size(),
                        SQLITE_TRANSIENT, SQLITE_UTF8);
}

void SqlCall::give_blob(std::string_view bytes) const {
  check_size(bytes.size());
  sqlite3_result_blob64(context_, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(),
                        SQLITE_TRANSIENT);
}

void SqlCall::give_bytes(std::string_view bytes) const {
  if (is_utf8(bytes) && bytes.find('\0') == std::string_view::npos) return give_text(bytes);
  give_blob(bytes);
}

void SqlCall::give_json(std::string_view json) const {
  give_text(json);
  sqlite3_result_subtype(context_, kJsonSubtype);
}

void SqlCall::give_argument(size_t i) const {
  const bool json = is_json(i);
  give_value(value(i));
  if (json) sqlite3_result_subtype(context_, kJsonSubtype);
}

void SqlCall::check_size(uint64_t bytes) const {
  if (bytes <= static_cast<uint64_t>(limits::kValueBytes)) return;
  throw failed("the result would have more than " + std::to_string(limits::kValueBytes) + " bytes",
               ErrorCode::kTooLarge);
}

void SqlCall::check_going_on() const {
  if (world_.must_end()) throw failed("the statement has to end", ErrorCode::kCancelled);
}

Error SqlCall::wrong(size_t i, const std::string& what) const {
  const std::string given = is_null(i) ? "NULL" : shown(text(i));
  return failed("argument " + std::to_string(i + 1) + ", " + given + ", " + what);
}

Error SqlCall::failed(const std::string& what, ErrorCode code) const {
  return {code, std::string(name_) + "(): " + what};
}

}  // namespace sluice
