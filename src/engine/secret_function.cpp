#include "engine/secret_function.h"

#include "base/error.h"

namespace sluice {

void SecretFunction::attach_to(sqlite3* connection) {
  // SQLITE_DIRECTONLY: not for the views of attached files. Not SQLITE_DETERMINISTIC: SQLite
  // computes from constants while it compiles, and an error of that would show the value.
  const std::string name(kSecretFunction);
  for (const int arguments : {1, 2}) {
    sqlite3_create_function_v2(connection, name.c_str(), arguments, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                               this, &SecretFunction::call, nullptr, nullptr, nullptr);
  }
}

void SecretFunction::allow(const SecretNames& names, const SecretLookup& lookup) {
  values_.clear();
  is_used_ = !names.empty();
  for (const auto& [name, is_needed] : names) {
    std::optional<Secret> value = lookup ? lookup(name) : std::nullopt;
    if (value) {
      values_.emplace(name, *std::move(value));
    } else if (is_needed) {
      throw Error(ErrorCode::kInvalid,
                  "The SQL needs the secret '" + name.substr(0, 200) + "', which is not there.",
                  "Make it: POST /v0/variables with name and value.");
    }
  }
}

void SecretFunction::call(sqlite3_context* context, int count, sqlite3_value** arguments) {
  const auto* self = static_cast<const SecretFunction*>(sqlite3_user_data(context));
  const auto* name = reinterpret_cast<const char*>(sqlite3_value_text(arguments[0]));
  const auto found = self->values_.find(name == nullptr ? "" : name);
  if (found != self->values_.end()) {
    const std::string& value = found->second.reveal();
    sqlite3_result_text(context, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
  } else if (count == 2) {
    sqlite3_result_value(context, arguments[1]);
  } else {
    sqlite3_result_error(context, "this statement has no such secret", -1);
  }
}

}  // namespace sluice
