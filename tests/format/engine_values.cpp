#include "format/engine_values.h"

#include <cmath>

#include "base/encoding.h"
#include "format/parquet_kinds.h"

namespace sluice {
namespace {

using nlohmann::json;

json real_json(double real) {
  if (std::isnan(real)) return "NaN";
  if (std::isinf(real)) return real < 0 ? "-Infinity" : "Infinity";
  return real;
}

/// Often one of a few, so that there are dictionaries.
std::string random_text(Chance& chance) {
  if (one_in(chance, 2)) return "word " + std::to_string(below(chance, 20));
  const std::vector<std::string> ends = {"", "\xc3\xbc", "\xf0\x9f\x9a\x80", "\"\n"};
  return word(chance, below(chance, 12)) + ends[below(chance, 4)];
}

}  // namespace

std::vector<ColumnType> leaf_types() {
  return {{ColumnKind::kInteger},   {ColumnKind::kReal},          {ColumnKind::kText},
          {ColumnKind::kBytes},     {ColumnKind::kBoolean},       {ColumnKind::kDate},
          {ColumnKind::kTimestamp}, {ColumnKind::kDecimal, 9, 2}, {ColumnKind::kDecimal, 38, 10},
          {ColumnKind::kUnsigned},  {ColumnKind::kSingle},        nanoseconds()};
}

ColumnType random_type(Chance& chance, int depth) {
  const std::vector<ColumnType> leaves = leaf_types();
  const std::vector<ColumnType> keys = {
      {ColumnKind::kText}, {ColumnKind::kInteger}, {ColumnKind::kDate}, {ColumnKind::kUnsigned}};
  if (depth == 0 || one_in(chance, 6)) return leaves[below(chance, leaves.size())];
  switch (below(chance, 3)) {
    case 0:
      return list_of(random_type(chance, depth - 1));
    case 1:
      return map_of(keys[below(chance, keys.size())], random_type(chance, depth - 1));
    default: {
      const bool named = one_in(chance, 2);
      std::vector<ColumnField> fields;
      for (uint64_t i = 1 + below(chance, 3); i > 0; --i) {
        const std::string place = std::to_string(fields.size() + 1);
        fields.push_back({named ? "f " + place : place, random_type(chance, depth - 1)});
      }
      return struct_of(std::move(fields));
    }
  }
}

EngineValue EngineValues::value(const ColumnType& type) {
  EngineValue made;
  NestedWriter writer(made.bytes);
  made.expected = put(type, writer, true);
  return made;
}

json EngineValues::put(const ColumnType& type, NestedWriter& out, bool may_be_null) {
  if (may_be_null && one_in(chance_, 8)) {
    out.put(Cell());
    return nullptr;
  }
  if (!is_nested(type.kind)) return put_leaf(type, out);
  if (type.kind != ColumnKind::kStruct) return put_entries(type, out);
  out.begin(static_cast<uint32_t>(type.fields->size()));
  json list = json::array();
  for (const ColumnField& field : *type.fields) list.push_back(put(field.type, out, true));
  return list;
}

json EngineValues::put_entries(const ColumnType& type, NestedWriter& out) {
  const uint64_t count = one_in(chance_, 5) ? 0 : below(chance_, most_ + 1);
  out.begin(static_cast<uint32_t>(count));
  json list = json::array();
  for (uint64_t i = 0; i < count; ++i) {
    if (type.kind == ColumnKind::kList) {
      list.push_back(put(type.fields->front().type, out, true));
    } else {
      json entry = json::array();
      entry.push_back(put_key(type.fields->front().type, out, i));
      entry.push_back(put(type.fields->back().type, out, true));
      list.push_back(std::move(entry));
    }
  }
  return list;
}

/// Keys of one map differ.
json EngineValues::put_key(const ColumnType& type, NestedWriter& out, uint64_t place) {
  const auto number = static_cast<int64_t>(place * 10 + below(chance_, 10));
  if (type.kind == ColumnKind::kText) {
    const std::string text = "key " + std::to_string(number);
    out.put_bytes(ValueType::kText, text);
    return text;
  }
  out.put(cell_of(type.kind == ColumnKind::kDate ? ValueType::kDate : ValueType::kInteger, number));
  return number;
}

json EngineValues::put_leaf(const ColumnType& type, NestedWriter& out) {
  switch (type.kind) {
    case ColumnKind::kText: {
      const std::string text = random_text(chance_);
      out.put_bytes(ValueType::kText, text);
      return text;
    }
    case ColumnKind::kBytes: {
      const std::string bytes = "\xff" + word(chance_, below(chance_, 5));
      out.put_bytes(ValueType::kBlob, bytes);
      return hex_encode(bytes);
    }
    case ColumnKind::kReal: {
      const double real = one_in(chance_, 30)
                              ? std::nan("")
                              : std::ldexp(static_cast<double>(below(chance_, 9999)), -6);
      out.put(real_cell(ValueType::kReal, real));
      return real_json(real);
    }
    case ColumnKind::kSingle: {
      const float finite = static_cast<float>(signed_below(chance_, 1U << 30) - (1 << 29)) / 10;
      const float real = one_in(chance_, 30) ? HUGE_VALF : finite;
      out.put(real_cell(ValueType::kSingle, real));
      return real_json(real);
    }
    case ColumnKind::kBoolean: {
      const bool yes = one_in(chance_, 2);
      out.put(cell_of(ValueType::kBoolean, yes ? 1 : 0));
      return yes;
    }
    case ColumnKind::kDate: {
      const int64_t day = signed_below(chance_, 146096) - 25567;
      out.put(cell_of(ValueType::kDate, day));
      return day;
    }
    case ColumnKind::kTimestamp:
      return put_time(type, out);
    case ColumnKind::kDecimal:
      return put_decimal(type, out);
    case ColumnKind::kUnsigned:
      return put_unsigned(out);
    default: {
      const auto number =
          one_in(chance_, 2) ? signed_below(chance_, 50) : static_cast<int64_t>(chance_());
      out.put(cell_of(ValueType::kInteger, number));
      return number;
    }
  }
}

/// From 1900 to 2261: nanoseconds end in 2262.
json EngineValues::put_time(const ColumnType& type, NestedWriter& out) {
  const int64_t seconds = signed_below(chance_, 11'392'000'000) - 2'208'000'000;
  const bool nanos = type.scale == 9;
  const auto digits = static_cast<uint32_t>(nanos ? 7 + below(chance_, 3) : below(chance_, 7));
  const TimestampUnit unit{digits, one_in(chance_, 2)};
  const auto per_second = static_cast<uint64_t>(unit.per_second());
  const int64_t fraction = signed_below(chance_, per_second);
  out.put(cell_of(ValueType::kTimestamp, seconds * unit.per_second() + fraction, unit.size()));
  const TimestampUnit stored{nanos ? 9U : 6U};
  return seconds * stored.per_second() + fraction * (stored.per_second() / unit.per_second());
}

json EngineValues::put_unsigned(NestedWriter& out) {
  const uint64_t number = one_in(chance_, 2) ? below(chance_, 50) : chance_();
  if (number < 1ULL << 63 && one_in(chance_, 2)) {
    out.put(cell_of(ValueType::kInteger, static_cast<int64_t>(number)));
  } else {
    out.put_bytes(ValueType::kNumber, std::to_string(number));
  }
  return number;
}

json EngineValues::put_decimal(const ColumnType& type, NestedWriter& out) {
  const auto digits = [&](uint64_t count) {
    std::string text;
    while (text.size() < count) text.push_back(static_cast<char>('0' + below(chance_, 10)));
    return text;
  };
  std::string text = one_in(chance_, 2) ? "-" : "";
  const auto whole = static_cast<uint64_t>(type.precision - type.scale);
  text += whole == 0 ? "0" : digits(1 + below(chance_, whole));
  if (type.scale > 0) text += "." + digits(static_cast<uint64_t>(type.scale));
  out.put_bytes(ValueType::kNumber, text);
  return text;
}

json description_of(const std::string& name, const ColumnType& type) {
  const std::string full = type_name(type);
  json fields = json::array();
  if (type.fields) {
    for (const ColumnField& field : *type.fields) {
      fields.push_back(description_of(field.name, field.type));
    }
  }
  return {{"name", name},
          {"kind", full.substr(0, full.find('('))},
          {"precision", type.precision},
          {"scale", type.scale},
          {"fields", fields}};
}

}  // namespace sluice
