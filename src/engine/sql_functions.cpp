#include "engine/sql_functions.h"

#include <algorithm>
#include <array>
#include <new>
#include <unordered_map>

#include "base/encoding.h"
#include "base/nearest.h"
#include "domain/sql_text.h"

namespace sluice {
namespace {

struct Entry {
  const SqlFunction* function = nullptr;
  const SqlAggregate* aggregate = nullptr;
  std::string_view usage() const { return function ? function->usage : aggregate->usage; }
};

std::string_view name_in(std::string_view usage) { return usage.substr(0, usage.find('(')); }

using Index = std::unordered_map<std::string, Entry>;

Index make_index() {
  Index index;
  for (const auto table :
       {time_functions(), time_part_functions(), time_arithmetic_functions(), time_text_functions(),
        conversion_functions(), logic_functions(), text_functions(), pattern_functions(),
        url_functions(), encoding_functions(), json_functions(), array_functions()}) {
    for (const SqlFunction& line : table) index[ascii_lower(name_in(line.usage))].function = &line;
  }
  for (const auto table : {plain_aggregates(), array_aggregates(), quantile_aggregates()}) {
    for (const SqlAggregate& line : table) {
      index[ascii_lower(name_in(line.usage))].aggregate = &line;
    }
  }
  return index;
}

/// By the name in lower case.
const Index& functions_by_name() {
  static const Index index = make_index();
  return index;
}

std::optional<Entry> find_function(std::string_view name) {
  const auto found = functions_by_name().find(ascii_lower(name));
  if (found == functions_by_name().end()) return std::nullopt;
  return found->second;
}

/// All that a statement may call, SQLite's own included.
std::vector<std::string> read_known_names() {
  // Known to SQLite, but refused by the guard or of no use to anyone.
  constexpr std::array<std::string_view, 3> kHidden = {"load_extension", "fts3_tokenizer",
                                                       "sqlite_compileoption_get"};
  std::vector<std::string> names;
  for (const auto& [name, entry] : functions_by_name()) {
    names.emplace_back(name_in(entry.usage()));
  }
  sqlite3* raw = nullptr;
  sqlite3_open(":memory:", &raw);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> connection(raw, sqlite3_close);
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(raw, "SELECT DISTINCT name FROM pragma_function_list", -1, &statement,
                     nullptr);
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owner(statement, sqlite3_finalize);
  while (statement != nullptr && sqlite3_step(statement) == SQLITE_ROW) {
    const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    if (text == nullptr || std::find(kHidden.begin(), kHidden.end(), text) != kHidden.end()) {
      continue;
    }
    if (!functions_by_name().contains(text)) names.emplace_back(text);
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Runs what may throw; SQLite's own frames know no exceptions.
template <typename Work>
void guarded(sqlite3_context* context, std::string_view name, const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    sqlite3_result_error(context, error.message().c_str(),
                         static_cast<int>(error.message().size()));
    if (error.code() == ErrorCode::kTooLarge) sqlite3_result_error_code(context, SQLITE_TOOBIG);
    if (error.code() == ErrorCode::kCancelled) sqlite3_result_error_code(context, SQLITE_INTERRUPT);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  } catch (const std::exception& error) {
    const std::string said = std::string(name) + "(): " + error.what();
    sqlite3_result_error(context, said.c_str(), static_cast<int>(said.size()));
  }
}

}  // namespace

/// What SQLite hands back with each call.
struct SqlFunctions::Bound {
  FunctionWorld& world;
  std::string_view name;
  const SqlFunction* function = nullptr;
  const SqlAggregate* aggregate = nullptr;

  static const Bound& of(sqlite3_context* context) {
    return *static_cast<const Bound*>(sqlite3_user_data(context));
  }
  SqlCall call(sqlite3_context* context, int count, sqlite3_value** values) const {
    return {context, {values, static_cast<size_t>(count)}, name, world};
  }
  void check_count(const SqlCall& call, int least, std::string_view usage) const {
    if (call.size() >= static_cast<size_t>(least)) return;
    throw call.failed("too few arguments; it is called " + std::string(usage));
  }
};

SqlFunctions::SqlFunctions(sqlite3* connection, Timestamp moment, Random* random,
                           std::function<bool()> must_end)
    : connection_(connection), world_(moment, random, std::move(must_end)) {}

SqlFunctions::~SqlFunctions() = default;

void SqlFunctions::add_called_in(std::string_view sql) {
  for (const std::string& name : calls_in(sql)) {
    const std::optional<Entry> entry = find_function(name);
    if (!entry) continue;
    const bool is_there = std::any_of(bound_.begin(), bound_.end(), [&](const auto& bound) {
      return bound->function == entry->function && bound->aggregate == entry->aggregate;
    });
    if (is_there) continue;
    if (entry->function != nullptr) add(*entry->function);
    if (entry->aggregate != nullptr) add(*entry->aggregate);
  }
}

void SqlFunctions::add(const SqlFunction& function) {
  const std::string name(name_in(function.usage));
  bound_.push_back(std::make_unique<Bound>(Bound{world_, name_in(function.usage), &function}));
  // Within a statement even now() is always the same, and a connection runs but one.
  const bool varies = (function.flags & kVaries) != 0;
  const int flags =
      SQLITE_UTF8 | SQLITE_INNOCUOUS | SQLITE_SUBTYPE | (varies ? 0 : SQLITE_DETERMINISTIC);
  const bool any = function.most == kAnyNumber;
  for (int count = any ? -1 : function.least; count <= (any ? -1 : function.most); ++count) {
    sqlite3_create_function_v2(connection_, name.c_str(), count, flags, bound_.back().get(),
                               &SqlFunctions::on_call, nullptr, nullptr, nullptr);
  }
}

void SqlFunctions::add(const SqlAggregate& aggregate) {
  const std::string name(name_in(aggregate.usage));
  bound_.push_back(
      std::make_unique<Bound>(Bound{world_, name_in(aggregate.usage), nullptr, &aggregate}));
  const bool any = aggregate.most == kAnyNumber;
  // SQLite 3.40 dies of a window function that is called without arguments and looks at subtypes.
  // Those that take any number of arguments do not; the others can't be called without.
  const int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS | (any ? 0 : SQLITE_SUBTYPE);
  for (int count = any ? -1 : aggregate.least; count <= (any ? -1 : aggregate.most); ++count) {
    sqlite3_create_window_function(connection_, name.c_str(), count, flags, bound_.back().get(),
                                   &SqlFunctions::on_step, &SqlFunctions::on_final,
                                   &SqlFunctions::on_value, &SqlFunctions::on_inverse, nullptr);
  }
}

void SqlFunctions::on_call(sqlite3_context* context, int count, sqlite3_value** values) {
  const Bound& bound = Bound::of(context);
  guarded(context, bound.name, [&] {
    const SqlCall call = bound.call(context, count, values);
    bound.check_count(call, bound.function->least, bound.function->usage);
    if ((bound.function->flags & kTakesNull) == 0 && call.has_null()) return call.give_null();
    bound.function->call(call);
  });
}

void SqlFunctions::on_step(sqlite3_context* context, int count, sqlite3_value** values) {
  const Bound& bound = Bound::of(context);
  guarded(context, bound.name, [&] {
    const SqlCall row = bound.call(context, count, values);
    auto** const state =
        static_cast<Aggregate**>(sqlite3_aggregate_context(context, sizeof(Aggregate*)));
    if (state == nullptr) throw std::bad_alloc();
    if (*state == nullptr) {
      bound.check_count(row, bound.aggregate->least, bound.aggregate->usage);
      // SQLite always calls on_final for it, which takes it back.
      *state = bound.aggregate->make(bound.world).release();
    }
    (*state)->add(row);
  });
}

void SqlFunctions::on_inverse(sqlite3_context* context, int count, sqlite3_value** values) {
  const Bound& bound = Bound::of(context);
  guarded(context, bound.name, [&] {
    auto** const state = static_cast<Aggregate**>(sqlite3_aggregate_context(context, 0));
    if (state != nullptr && *state != nullptr) (*state)->remove(bound.call(context, count, values));
  });
}

void SqlFunctions::on_value(sqlite3_context* context) {
  const Bound& bound = Bound::of(context);
  guarded(context, bound.name, [&] {
    auto** const state = static_cast<Aggregate**>(sqlite3_aggregate_context(context, 0));
    const SqlCall result = bound.call(context, 0, nullptr);
    if (state != nullptr && *state != nullptr) return (*state)->finish(result);
    bound.aggregate->make(bound.world)->finish(result);
  });
}

void SqlFunctions::on_final(sqlite3_context* context) {
  on_value(context);
  auto** const state = static_cast<Aggregate**>(sqlite3_aggregate_context(context, 0));
  if (state == nullptr) return;
  const std::unique_ptr<Aggregate> ends_here(*state);
  *state = nullptr;
}

bool is_sql_aggregate(std::string_view name) {
  const std::optional<Entry> entry = find_function(name);
  return entry && entry->aggregate != nullptr;
}

std::optional<std::string> usage_of_sql_function(std::string_view name) {
  const std::optional<Entry> entry = find_function(name);
  if (!entry) return std::nullopt;
  return std::string(entry->usage());
}

std::optional<std::string> nearest_sql_function(std::string_view name) {
  static const std::vector<std::string> names = read_known_names();
  return nearest_of(name, names);
}

}  // namespace sluice
