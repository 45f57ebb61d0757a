#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/clickhouse_world.h"
#include "engine/native_column.h"

namespace sluice {

/// What a column of these bytes has, value by value, as text; nested values in brackets.
class NativeColumnTest : public testing::Test {
 protected:
  static std::string shown(const Cell& cell, std::string_view bytes) {
    switch (cell.type) {
      case ValueType::kNull:
        return "NULL";
      case ValueType::kReal:
      case ValueType::kSingle:
        return std::to_string(cell.real);
      case ValueType::kText:
      case ValueType::kNumber:
        return std::string(bytes);
      default:
        return std::to_string(cell.integer);
    }
  }
  static std::string nested(NestedReader& reader, size_t fields) {
    const NestedPart part = reader.next();
    if (part.cell.type != ValueType::kNested) return shown(part.cell, part.bytes);
    std::string out = "[";
    for (size_t i = 0; i < part.cell.size * fields; ++i) {
      out += (i > 0 ? "," : "") + nested(reader, 1);
    }
    return out + "]";
  }

  std::vector<std::string> values(const std::string& type, const std::string& bytes, size_t rows,
                                  size_t at_once = 2) {
    const ClickhouseType parsed = parse_clickhouse_type(type);
    bool given = false;
    NativeInput input(
        [&](std::string& out) {
          if (given) return false;
          out += bytes;
          return given = true;
        },
        1 << 20);
    const auto column = make_native_column(parsed);
    column->load_prefix(input);
    column->load(input, rows);
    EXPECT_TRUE(input.at_end()) << type;
    std::vector<std::string> out;
    Batch batch;
    for (size_t row = 0; row < rows; row += at_once) {
      batch.reset(1);
      const size_t count = std::min(at_once, rows - row);
      batch.reserve_rows(count);
      column->fill(input, batch, 0, count);
      batch.add_rows(count);
      for (size_t i = 0; i < count; ++i) {
        const Cell& cell = batch.at(0, i);
        types_.push_back(cell.type);
        if (cell.type != ValueType::kNested) {
          const bool in_arena = cell.type == ValueType::kText || cell.type == ValueType::kNumber;
          out.push_back(shown(cell, in_arena ? batch.text(cell) : std::string_view()));
          continue;
        }
        NestedReader reader(batch.text(cell));
        out.push_back(nested(reader, parsed.kind == ClickhouseKind::kMap ? 2 : 1));
        EXPECT_TRUE(reader.at_end());
      }
    }
    return out;
  }

  std::vector<ValueType> types_;
};

}  // namespace sluice
