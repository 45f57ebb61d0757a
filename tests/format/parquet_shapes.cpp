#include "format/parquet_shapes.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "format/parquet_kinds.h"

namespace sluice {
namespace {

std::string two(int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

/// `2026-04-12 03:04:05`, `second` seconds into a month.
std::string moment(int64_t second) {
  return "2026-04-" + two(1 + second / 86400 % 30) + " " + two(second / 3600 % 24) + ":" +
         two(second / 60 % 60) + ":" + two(second % 60);
}

std::string sentence(Chance& chance) {
  std::string text;
  while (text.size() < 52) text += word(chance, 2 + below(chance, 8)) + (text.empty() ? ", " : " ");
  return text;
}

/// `value`, but NULL once in `every` rows.
Maker with_nulls(Maker value, uint64_t every) {
  return [value = std::move(value), every](Chance& chance, uint64_t row) -> Value {
    if (one_in(chance, every)) return {};
    return value(chance, row);
  };
}

class Columns {
 public:
  void add(std::string name, ColumnType type, Maker value) {
    made_.push_back({{std::move(name), type, made_.size()}, std::move(value)});
  }
  void add(std::string name, ColumnKind kind, Maker value) {
    add(std::move(name), ColumnType{kind, 0, 0}, std::move(value));
  }
  std::vector<MadeColumn> take() { return std::move(made_); }

 private:
  std::vector<MadeColumn> made_;
};

void add_kinds(Columns& columns, std::string_view shape) {
  const Maker null = [](Chance&, uint64_t) { return Value(); };
  for (const Kind& kind : kinds()) {
    const std::string name(kind.name);
    if (shape == "types") {
      columns.add(name, kind.type, with_nulls(kind.ordinary, 10));
      columns.add(name + "_full", kind.type, kind.ordinary);
    } else if (shape == "edges") {
      columns.add(name, kind.type, with_nulls(kind.edge, 10));
    } else {
      columns.add(name, kind.type, null);
      columns.add(name + "_rare", kind.type, [kind](Chance& chance, uint64_t row) -> Value {
        return one_in(chance, 1000) ? kind.ordinary(chance, row) : Value();
      });
    }
  }
}

/// The table of the speed figures.
void add_events(Columns& columns) {
  columns.add("event_id", ColumnKind::kInteger,
              [](Chance&, uint64_t row) { return static_cast<int64_t>(row + 1); });
  columns.add("ts", ColumnKind::kText, [](Chance& c, uint64_t row) {
    return moment(static_cast<int64_t>(row / 2 + below(c, 2)) % (30 * 86400));
  });
  columns.add("customer_id", ColumnKind::kText, [](Chance& c, uint64_t) {
    const double place = std::pow(static_cast<double>(below(c, 1U << 30)) / (1U << 30), 4);
    return "cust_" + std::to_string(100000 + static_cast<int>(place * 1000));
  });
  columns.add("country", ColumnKind::kText, [](Chance& c, uint64_t) {
    const auto code = static_cast<char>('A' + std::min(below(c, 40), below(c, 40)) % 26);
    return std::string{code, static_cast<char>('A' + below(c, 2))};
  });
  columns.add("amount", ColumnKind::kReal,
              [](Chance& c, uint64_t) { return static_cast<double>(below(c, 50000)) / 100; });
  columns.add("qty", ColumnKind::kInteger,
              [](Chance& c, uint64_t) { return 1 + signed_below(c, 20); });
  columns.add("url", ColumnKind::kText, [](Chance& c, uint64_t) {
    return "https://shop.example.com/" + word(c, 6) + "/item/" + std::to_string(c() % 1000000) +
           "?ref=" + word(c, 12);
  });
  columns.add("note", ColumnKind::kText,
              with_nulls([](Chance& c, uint64_t) -> Value { return sentence(c); }, 10));
}

void add_wide(Columns& columns) {
  const std::vector<Kind> all = kinds();
  for (size_t i = 0; i < 1000; ++i) {
    const Kind& kind = all[i % all.size()];
    columns.add(std::string(kind.name) + "_" + std::to_string(i), kind.type,
                with_nulls(kind.ordinary, 5));
  }
}

/// Values of megabytes between short ones.
void add_long(Columns& columns) {
  const auto value = [](size_t most) -> Maker {
    return [most](Chance& c, uint64_t row) -> Value {
      if (row % 3 == 2) return word(c, 5);
      return word(c, 1000) + std::string(most + below(c, 1000), row % 2 == 0 ? 'x' : 'y');
    };
  };
  columns.add("text", ColumnKind::kText, with_nulls(value(5000000), 5));
  columns.add("bytes", ColumnKind::kBytes, value(1048000));
  columns.add("id", ColumnKind::kInteger,
              [](Chance&, uint64_t row) { return static_cast<int64_t>(row); });
}

/// Equal values, and NULLs, one after the other.
void add_runs(Columns& columns) {
  const auto run = [](uint64_t length) -> Maker {
    return [length](Chance&, uint64_t row) -> Value {
      const auto place = static_cast<int64_t>(row / length);
      return place % 5 == 4 ? Value() : Value(place % 7);
    };
  };
  for (const uint64_t length : {1, 2, 7, 8, 9, 64, 1000, 30000}) {
    columns.add("run_" + std::to_string(length), ColumnKind::kInteger, run(length));
  }
  columns.add("one_text", ColumnKind::kText, [](Chance&, uint64_t) { return "the same"; });
  columns.add("boolean", ColumnKind::kBoolean,
              [](Chance&, uint64_t row) { return static_cast<int64_t>(row / 100 % 2); });
}

/// Dictionaries that fill up while they pay, and those that come to nothing.
void add_spill(Columns& columns) {
  const auto name = [](uint64_t number) {
    return "a text of about 40 bytes, " + moment(0) + std::to_string(1000000 + number);
  };
  columns.add("text_4", ColumnKind::kText, [=](Chance&, uint64_t row) { return name(row / 4); });
  columns.add("text_null", ColumnKind::kText,
              with_nulls([=](Chance&, uint64_t row) -> Value { return name(row / 5); }, 3));
  columns.add("text_late", ColumnKind::kText,
              [=](Chance& c, uint64_t row) { return name(row < 20000 ? below(c, 100) : row); });
  columns.add("text_half", ColumnKind::kText,
              [=](Chance& c, uint64_t) { return "t" + std::to_string(below(c, 60000)); });
  columns.add("real_half", ColumnKind::kReal,
              [](Chance& c, uint64_t) { return static_cast<double>(below(c, 60000)) / 8; });
  columns.add("integer_3", ColumnKind::kInteger,
              [](Chance&, uint64_t row) { return static_cast<int64_t>(row / 3); });
  columns.add("date_many", ColumnKind::kDate,
              [](Chance& c, uint64_t) { return signed_below(c, 100000); });
}

}  // namespace

std::vector<MadeColumn> made_columns(std::string_view shape, Chance& chance) {
  std::vector<MadeColumn> of_engine = engine_columns(shape, chance);
  if (!of_engine.empty()) return of_engine;
  Columns columns;
  if (shape == "types" || shape == "edges" || shape == "nulls") {
    add_kinds(columns, shape);
  } else if (shape == "events") {
    add_events(columns);
  } else if (shape == "wide") {
    add_wide(columns);
  } else if (shape == "long") {
    add_long(columns);
  } else if (shape == "runs") {
    add_runs(columns);
  } else if (shape == "spill") {
    add_spill(columns);
  } else {
    throw Error(ErrorCode::kInvalid, "There is no shape '" + std::string(shape) + "'.");
  }
  return columns.take();
}

}  // namespace sluice
