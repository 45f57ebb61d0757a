#include "engine/clickhouse_type.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "domain/clickhouse_text.h"

namespace sluice {
namespace {

using Kind = ClickhouseKind;

[[noreturn]] void refuse(std::string_view text) {
  const std::string shown(text.substr(0, 200));
  throw Error(ErrorCode::kInvalid, "is of the type " + shown + ", which can't be exported",
              "Cast it in the query, for example CAST(x AS String) or toString(x); the state of an "
              "aggregate function with finalizeAggregation(x).");
}

/// A type's name, and what stands in the brackets behind it.
struct Parts {
  std::string_view name;
  std::vector<std::string_view> arguments;
};

bool is_quote(char c) { return c == '\'' || c == '`' || c == '"'; }

/// The first place of `wanted` that is neither in quotes nor in brackets.
size_t find_outside(std::string_view text, char wanted) {
  int depth = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (depth == 0 && c == wanted) return at;
    if (is_quote(c)) at = behind_clickhouse_quotes(text, at) - 1;
    if (c == '(') ++depth;
    if (c == ')') --depth;
  }
  return std::string_view::npos;
}

Parts take_apart(std::string_view text) {
  text = trim(text);
  const size_t open = find_outside(text, '(');
  if (open == std::string_view::npos) return {text, {}};
  if (!text.ends_with(')')) refuse(text);
  Parts parts{trim(text.substr(0, open)), {}};
  std::string_view inside = text.substr(open + 1, text.size() - open - 2);
  while (!inside.empty()) {
    const size_t comma = find_outside(inside, ',');
    parts.arguments.push_back(trim(inside.substr(0, comma)));
    inside = comma == std::string_view::npos ? std::string_view() : inside.substr(comma + 1);
  }
  return parts;
}

int number_of(std::string_view text, std::string_view whole) {
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) refuse(whole);
  return number;
}

std::string unquoted(std::string_view text) {
  std::string out;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\' || (text[i] == text[0] && i + 2 < text.size())) ++i;
    out += text[i];
  }
  return out;
}

/// Types that a word says all about.
struct Plain {
  std::string_view name;
  Kind kind;
  size_t bytes;
  bool is_signed = false;
};
constexpr std::array kPlain = {
    Plain{"String", Kind::kString, 0},
    Plain{"Bool", Kind::kBoolean, 1},
    Plain{"UInt8", Kind::kInteger, 1},
    Plain{"UInt16", Kind::kInteger, 2},
    Plain{"UInt32", Kind::kInteger, 4},
    Plain{"UInt64", Kind::kInteger, 8},
    Plain{"UInt128", Kind::kInteger, 16},
    Plain{"UInt256", Kind::kInteger, 32},
    Plain{"Int8", Kind::kInteger, 1, true},
    Plain{"Int16", Kind::kInteger, 2, true},
    Plain{"Int32", Kind::kInteger, 4, true},
    Plain{"Int64", Kind::kInteger, 8, true},
    Plain{"Int128", Kind::kInteger, 16, true},
    Plain{"Int256", Kind::kInteger, 32, true},
    Plain{"BFloat16", Kind::kReal, 2},
    Plain{"Float32", Kind::kReal, 4},
    Plain{"Float64", Kind::kReal, 8},
    Plain{"Date", Kind::kDate, 2},
    Plain{"Date32", Kind::kDate, 4, true},
    Plain{"UUID", Kind::kUuid, 16},
    Plain{"IPv4", Kind::kIpv4, 4},
    Plain{"IPv6", Kind::kIpv6, 16},
    Plain{"Time", Kind::kTime, 4, true},
    Plain{"Nothing", Kind::kNothing, 1},
};

/// Names for other types.
struct Alias {
  std::string_view name;
  std::string_view meaning;
};
constexpr std::array kAliases = {
    Alias{"Point", "Tuple(Float64, Float64)"}, Alias{"Ring", "Array(Point)"},
    Alias{"LineString", "Array(Point)"},       Alias{"MultiLineString", "Array(LineString)"},
    Alias{"Polygon", "Array(Ring)"},           Alias{"MultiPolygon", "Array(Polygon)"},
};

size_t decimal_bytes(int precision) {
  if (precision <= 9) return 4;
  if (precision <= kInt64Digits) return 8;
  return precision <= kDecimalDigits ? 16 : 32;
}

class TypeReader {
 public:
  ClickhouseType read(std::string_view text) {
    if (++depth_ > limits::kJsonDepth) refuse(text);
    const Parts parts = take_apart(text);
    std::optional<ClickhouseType> type = plain(parts);
    if (!type) type = wrapped(parts);
    if (!type) type = with_figures(parts, text);
    if (!type) type = nested(parts, text);
    if (!type) refuse(text);
    --depth_;
    return *std::move(type);
  }

 private:
  std::optional<ClickhouseType> plain(const Parts& parts) {
    if (!parts.arguments.empty()) return std::nullopt;
    ClickhouseType type;
    for (const Plain& each : kPlain) {
      if (each.name != parts.name) continue;
      type.kind = each.kind;
      type.bytes = each.bytes;
      type.is_signed = each.is_signed;
      return type;
    }
    for (const Alias& each : kAliases) {
      if (each.name == parts.name) return read(each.meaning);
    }
    if (!parts.name.starts_with("Interval")) return std::nullopt;
    type.kind = Kind::kInteger;
    type.bytes = 8;
    type.is_signed = true;
    return type;
  }

  std::optional<ClickhouseType> wrapped(const Parts& parts) {
    const size_t count = parts.arguments.size();
    if (parts.name == "SimpleAggregateFunction" && count == 2) return read(parts.arguments[1]);
    const bool dictionary = parts.name == "LowCardinality";
    if ((!dictionary && parts.name != "Nullable") || count != 1) return std::nullopt;
    ClickhouseType type = read(parts.arguments[0]);
    (dictionary ? type.low_cardinality : type.nullable) = true;
    return type;
  }

  static std::optional<ClickhouseType> with_figures(const Parts& parts, std::string_view text) {
    const size_t count = parts.arguments.size();
    ClickhouseType type;
    if (parts.name == "FixedString" && count == 1) {
      type.kind = Kind::kFixedString;
      type.bytes = static_cast<size_t>(std::max(0, number_of(parts.arguments[0], text)));
    } else if (parts.name == "DateTime" && count <= 1) {
      type.kind = Kind::kDateTime;
      type.bytes = 4;
      type.zoned = count == 1;
    } else if (parts.name == "DateTime64" && (count == 1 || count == 2)) {
      type.kind = Kind::kDateTime64;
      type.bytes = 8;
      type.scale = std::clamp(number_of(parts.arguments[0], text), 0, 9);
      type.zoned = count == 2;
    } else if (parts.name == "Time64" && count == 1) {
      type.kind = Kind::kTime;
      type.bytes = 8;
      type.scale = std::clamp(number_of(parts.arguments[0], text), 0, 9);
    } else if (parts.name == "Decimal" && count == 2) {
      type.kind = Kind::kDecimal;
      type.precision = std::clamp(number_of(parts.arguments[0], text), 1, kLongDecimalDigits);
      type.scale = std::clamp(number_of(parts.arguments[1], text), 0, type.precision);
      type.bytes = decimal_bytes(type.precision);
    } else if (parts.name == "Enum8" || parts.name == "Enum16") {
      return enumeration(parts, text);
    } else {
      return std::nullopt;
    }
    return type;
  }

  static ClickhouseType enumeration(const Parts& parts, std::string_view text) {
    ClickhouseType type;
    type.kind = Kind::kEnum;
    type.bytes = parts.name == "Enum8" ? 1 : 2;
    for (const std::string_view each : parts.arguments) {
      const size_t equals = find_outside(each, '=');
      if (equals == std::string_view::npos) refuse(text);
      type.names[number_of(trim(each.substr(equals + 1)), text)] =
          unquoted(trim(each.substr(0, equals)));
    }
    return type;
  }

  std::optional<ClickhouseType> nested(const Parts& parts, std::string_view text) {
    const size_t count = parts.arguments.size();
    ClickhouseType type;
    if (parts.name == "Array" && count == 1) {
      type.kind = Kind::kArray;
      type.fields.push_back({"element", read(parts.arguments[0])});
    } else if (parts.name == "Map" && count == 2) {
      type.kind = Kind::kMap;
      type.fields.push_back({"key", read(parts.arguments[0])});
      type.fields.push_back({"value", read(parts.arguments[1])});
    } else if (parts.name == "Tuple" && count > 0) {
      type.kind = Kind::kTuple;
      for (const std::string_view each : parts.arguments) add_field(type, each);
    } else if (parts.name == "Nested" && count > 0) {
      ClickhouseType tuple;
      tuple.kind = Kind::kTuple;
      for (const std::string_view each : parts.arguments) add_field(tuple, each);
      type.kind = Kind::kArray;
      type.fields.push_back({"element", std::move(tuple)});
    } else {
      refuse(text);
    }
    return type;
  }

  /// `name Type`, `` `a name` Type `` or `Type`.
  void add_field(ClickhouseType& tuple, std::string_view text) {
    const size_t space = find_outside(text, ' ');
    if (space == std::string_view::npos) {
      tuple.fields.push_back({std::to_string(tuple.fields.size() + 1), read(text)});
      return;
    }
    const std::string_view name = text.substr(0, space);
    tuple.fields.push_back({is_quote(name.front()) ? unquoted(name) : std::string(name),
                            read(text.substr(space + 1))});
  }

  size_t depth_ = 0;
};

ColumnType nested_type(ColumnKind kind, const ClickhouseType& type) {
  std::vector<ColumnField> fields;
  for (const ClickhouseField& field : type.fields) {
    fields.push_back({field.name, column_type_of(field.type)});
  }
  ColumnType out{kind};
  out.fields = std::make_shared<const std::vector<ColumnField>>(std::move(fields));
  return out;
}

ColumnType integer_type(const ClickhouseType& type) {
  if (type.bytes > 8) return {ColumnKind::kText};  // More digits than any decimal has.
  return {type.bytes == 8 && !type.is_signed ? ColumnKind::kUnsigned : ColumnKind::kInteger};
}

}  // namespace

ClickhouseType parse_clickhouse_type(std::string_view text) { return TypeReader().read(text); }

ColumnType column_type_of(const ClickhouseType& type) {
  switch (type.kind) {
    case Kind::kInteger:
      return integer_type(type);
    case Kind::kReal:
      return {type.bytes == 8 ? ColumnKind::kReal : ColumnKind::kSingle};
    case Kind::kBoolean:
      return {ColumnKind::kBoolean};
    case Kind::kDate:
      return {ColumnKind::kDate};
    case Kind::kDateTime:
      return {ColumnKind::kTimestamp};
    case Kind::kDateTime64:
      return {ColumnKind::kTimestamp, 0, type.scale > 6 ? 9 : 0};
    case Kind::kDecimal:
      return {ColumnKind::kDecimal, type.precision, type.scale};
    case Kind::kArray:
      return nested_type(ColumnKind::kList, type);
    case Kind::kMap:
      return nested_type(ColumnKind::kMap, type);
    case Kind::kTuple:
      return nested_type(ColumnKind::kStruct, type);
    case Kind::kString:
    case Kind::kFixedString:
    case Kind::kTime:
    case Kind::kEnum:
    case Kind::kUuid:
    case Kind::kIpv4:
    case Kind::kIpv6:
    case Kind::kNothing:
      break;
  }
  return {ColumnKind::kText};
}

}  // namespace sluice
