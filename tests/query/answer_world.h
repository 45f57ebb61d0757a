#pragma once

#include <string>
#include <vector>

#include "query/answer_writer.h"

namespace sluice {

/// An answer of three rows: an INTEGER, a DATE and an expression of mixed values.
struct AnswerWorld {
  static std::vector<ColumnInfo> columns() { return {{"i", "INTEGER"}, {"d", "DATE"}, {"x", ""}}; }
  static Batch rows() {
    Batch batch;
    batch.reset(3);
    batch.add_integer(0, 1);
    batch.add_text(1, "2026-01-01");
    batch.add_real(2, 1.5);
    batch.end_row();
    batch.add_integer(0, int64_t{1} << 60);
    batch.add_text(1, "2026-01-02");
    batch.add_text(2, "a\tb,\"c\"\n\\");
    batch.end_row();
    batch.add_integer(0, -3);
    batch.add_null(1);
    batch.add_null(2);
    batch.end_row();
    return batch;
  }
  static std::string text(AnswerWriter& writer) {
    Batch batch = rows();
    writer.add(batch);
    return writer.finish({0.25, 3, 7, 99});
  }
  static std::string text(AnswerFormat format, bool integers_as_text = false) {
    return text(*make_answer_writer(format, columns(), integers_as_text));
  }
  static std::string empty(AnswerFormat format) {
    return make_answer_writer(format, columns(), false)->finish({});
  }
};

}  // namespace sluice
