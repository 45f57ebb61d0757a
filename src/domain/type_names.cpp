#include "domain/type_names.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "domain/data_type.h"

namespace sluice {
namespace {

using Shape = TypeShape;

constexpr std::array kTypes = {
    KnownType{"String", DataKind::kText},
    KnownType{"FixedString", DataKind::kText, Shape::kLength},
    KnownType{"UUID", DataKind::kText},
    KnownType{"IPv4", DataKind::kText},
    KnownType{"IPv6", DataKind::kText},
    KnownType{"Enum8", DataKind::kText, Shape::kEnum, 8},
    KnownType{"Enum16", DataKind::kText, Shape::kEnum, 16},
    KnownType{"Int8", DataKind::kInteger, Shape::kNothing, 8},
    KnownType{"Int16", DataKind::kInteger, Shape::kNothing, 16},
    KnownType{"Int32", DataKind::kInteger, Shape::kNothing, 32},
    KnownType{"Int64", DataKind::kInteger},
    KnownType{"Int128", DataKind::kInteger, Shape::kNothing, 128},
    KnownType{"Int256", DataKind::kInteger, Shape::kNothing, 256},
    KnownType{"UInt8", DataKind::kInteger, Shape::kNothing, 8, true},
    KnownType{"UInt16", DataKind::kInteger, Shape::kNothing, 16, true},
    KnownType{"UInt32", DataKind::kInteger, Shape::kNothing, 32, true},
    KnownType{"UInt64", DataKind::kInteger, Shape::kNothing, 64, true},
    KnownType{"UInt128", DataKind::kInteger, Shape::kNothing, 128, true},
    KnownType{"UInt256", DataKind::kInteger, Shape::kNothing, 256, true},
    KnownType{"Float32", DataKind::kReal, Shape::kNothing, 32},
    KnownType{"Float64", DataKind::kReal},
    KnownType{"Decimal", DataKind::kDecimal, Shape::kDecimal},
    KnownType{"Decimal32", DataKind::kDecimal, Shape::kScale, 9},
    KnownType{"Decimal64", DataKind::kDecimal, Shape::kScale, 18},
    KnownType{"Decimal128", DataKind::kDecimal, Shape::kScale, 38},
    KnownType{"Decimal256", DataKind::kDecimal, Shape::kScale, kMostDecimalDigits},
    KnownType{"Bool", DataKind::kBoolean},
    KnownType{"Date", DataKind::kDate},
    KnownType{"Date32", DataKind::kDate},
    KnownType{"DateTime", DataKind::kDateTime, Shape::kZone},
    KnownType{"DateTime64", DataKind::kDateTime, Shape::kDigits},
    KnownType{"Array", DataKind::kJson, Shape::kTypes},
    KnownType{"Map", DataKind::kJson, Shape::kTypes},
    KnownType{"Tuple", DataKind::kJson, Shape::kTypes},
    KnownType{"JSON", DataKind::kJson, Shape::kAnything},
    KnownType{"Nullable", DataKind::kText, Shape::kType},
    KnownType{"LowCardinality", DataKind::kText, Shape::kType},
    KnownType{"SimpleAggregateFunction", DataKind::kText, Shape::kFunction},
};

/// Names of SQL for the types above.
struct Alias {
  const char* name;
  const char* meaning;
};
constexpr std::array kAliases = {
    Alias{"Boolean", "Bool"},       Alias{"Text", "String"},     Alias{"Varchar", "String"},
    Alias{"Char", "String"},        Alias{"TinyInt", "Int8"},    Alias{"SmallInt", "Int16"},
    Alias{"Int", "Int32"},          Alias{"Integer", "Int32"},   Alias{"BigInt", "Int64"},
    Alias{"Float", "Float32"},      Alias{"Real", "Float32"},    Alias{"Double", "Float64"},
    Alias{"Timestamp", "DateTime"}, Alias{"Numeric", "Decimal"}, Alias{"Dec", "Decimal"},
};

Error unknown(std::string message, std::string hint) {
  return {ErrorCode::kInvalid, std::move(message), std::move(hint)};
}

Error unknown_type(std::string_view word) {
  const std::string shown(word.substr(0, limits::kNameBytes));
  if (ascii_lower(word) == "aggregatefunction") {
    return unknown(
        "states of aggregate functions are not kept, so there is no type '" + shown + "' here.",
        "Use SimpleAggregateFunction or the type of the result.");
  }
  std::vector<std::string> names;
  std::string list;
  for (const KnownType& type : kTypes) {
    names.emplace_back(type.name);
    list += list.empty() ? type.name : std::string(", ") + type.name;
  }
  for (const Alias& alias : kAliases) names.emplace_back(alias.name);
  const std::optional<std::string> nearest = nearest_of(word, names);
  return unknown("the type '" + shown + "' is not known.",
                 (nearest ? "Did you mean " + *nearest + "? " : "") + "Types: " + list + ".");
}

}  // namespace

const KnownType& find_type(std::string_view word) {
  for (const KnownType& type : kTypes) {
    if (word == type.name) return type;  // As it is stored: no need to look at cases.
  }
  std::string lower = ascii_lower(word);
  for (const Alias& alias : kAliases) {
    if (lower == ascii_lower(alias.name)) lower = ascii_lower(alias.meaning);
  }
  for (const KnownType& type : kTypes) {
    if (lower == ascii_lower(type.name)) return type;
  }
  throw unknown_type(word);
}

std::string type_example(const KnownType& known) {
  std::string name = known.name;
  switch (known.shape) {
    case Shape::kType:
      return name + "(String)";
    case Shape::kFunction:
      return name + "(max, Int64)";
    case Shape::kLength:
      return name + "(16)";
    case Shape::kEnum:
      return name + "('red' = 1, 'green' = 2)";
    case Shape::kZone:
      return name + "('Europe/Berlin')";
    case Shape::kDigits:
      return name + "(3)";
    case Shape::kDecimal:
      return name + "(18, 2)";
    case Shape::kScale:
      return name + "(2)";
    case Shape::kTypes:
      return name + (name == "Map" ? "(String, Int64)" : "(String)");
    default:
      return name;
  }
}

}  // namespace sluice
