#pragma once

#include <string>
#include <string_view>

#include "domain/data_source.h"

namespace sluice {

/// What stands in the parentheses behind a type's name.
enum class TypeShape {
  kNothing,
  kType,      ///< Nullable(T), LowCardinality(T): the values are T's.
  kFunction,  ///< SimpleAggregateFunction(f, T): likewise.
  kLength,
  kEnum,
  kZone,     ///< DateTime['zone']
  kDigits,   ///< DateTime64(digits[, 'zone'])
  kDecimal,  ///< Decimal(precision[, scale])
  kScale,    ///< Decimal32(scale)
  kTypes,    ///< Array(T), Map(K, V), Tuple([name] T, ...)
  kAnything,
};

/// A type that columns can have.
struct KnownType {
  const char* name;
  DataKind kind;
  TypeShape shape = TypeShape::kNothing;
  int bits = 64;  ///< Of an integer; TypeShape::kScale: digits.
  bool is_unsigned = false;
};

/// By its name in any case, or SQL's name for it. Throws kInvalid, with the nearest one: a part of
/// a sentence, for behind "Column 'x':".
const KnownType& find_type(std::string_view word);

/// How the type is written: `Decimal(18, 2)`.
std::string type_example(const KnownType& type);

}  // namespace sluice
