#include "engine/scan_program.h"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <string_view>
#include <utility>

namespace sluice {
namespace {

bool stands_in(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// What is of more rows than one, or of a part of them only.
bool is_beyond_a_row(std::string_view opcode) {
  return opcode.starts_with("Agg") || opcode.starts_with("Sorter") ||
         stands_in(opcode,
                   {"OpenEphemeral", "OpenAutoindex", "OpenDup", "OpenPseudo", "OpenWrite", "VOpen",
                    "DecrJumpZero", "IfPos", "OffsetLimit", "MustBeInt", "Last", "Prev", "Yield",
                    "Program", "DeferredSeek", "InitCoroutine", "SeekLT", "SeekLE", "RowSetRead"});
}

/// Those of SQLite whose result may be another in the next statement: `now` is when they are asked.
bool is_of_time(std::string_view function) {
  return stands_in(function.substr(0, function.find('(')),
                   {"date", "time", "datetime", "julianday", "unixepoch", "strftime",
                    "current_date", "current_time", "current_timestamp"});
}

/// Whether what is done once is no more than the value of an expression without columns: that is
/// the same on every connection.
bool computes_constant(const std::vector<ProgramStep>& program, size_t once) {
  const auto end = static_cast<size_t>(std::max<int64_t>(program[once].p2, 0));
  if (end <= once || end > program.size()) return false;
  for (size_t i = once + 1; i < end; ++i) {
    const ProgramStep& step = program[i];
    const bool is_plain =
        stands_in(step.opcode, {"String8", "Integer", "Int64", "Real", "Null", "Blob", "Function",
                                "PureFunc", "Copy", "SCopy", "Cast", "Add", "Subtract", "Multiply",
                                "Divide", "Remainder", "Concat"});
    if (!is_plain || is_of_time(step.p4)) return false;
  }
  return true;
}

int64_t count_of(const std::vector<ProgramStep>& program, std::string_view opcode) {
  return std::count_if(program.begin(), program.end(),
                       [&](const ProgramStep& step) { return step.opcode == opcode; });
}

/// Every row of the table, none looked at: no instruction that jumps but the loop's own.
bool takes_every_row(const std::vector<ProgramStep>& program) {
  const bool knows_all = std::all_of(program.begin(), program.end(), [](const ProgramStep& step) {
    return stands_in(step.opcode, {"Init", "OpenRead", "Rewind", "Rowid", "Column", "RealAffinity",
                                   "ResultRow", "Next", "Halt", "Transaction", "Goto", "Noop"});
  });
  return knows_all && scanned_tree(program) && count_of(program, "Rewind") == 1 &&
         count_of(program, "Goto") == 1 && count_of(program, "Halt") == 1;
}

/// Where a register of the program comes from.
struct Source {
  std::optional<size_t> stored;  ///< Nothing: the rowid.
  bool is_real = false;
};

/// By register; nothing where one is set twice.
std::optional<std::map<int64_t, Source>> sources_of(const std::vector<ProgramStep>& program) {
  std::map<int64_t, Source> sources;
  for (const ProgramStep& step : program) {
    bool is_new = true;
    if (step.opcode == "Column") {
      is_new = sources.emplace(step.p3, Source{static_cast<size_t>(step.p2)}).second;
    } else if (step.opcode == "Rowid") {
      is_new = sources.emplace(step.p2, Source{}).second;
    } else if (step.opcode == "RealAffinity") {
      const auto source = sources.find(step.p1);
      if (source == sources.end()) return std::nullopt;
      source->second.is_real = true;
    }
    if (!is_new) return std::nullopt;
  }
  return sources;
}

}  // namespace

std::optional<TreeRoot> scanned_tree(const std::vector<ProgramStep>& program) {
  std::optional<TreeRoot> root;
  for (size_t i = 0; i < program.size(); ++i) {
    const ProgramStep& step = program[i];
    if (is_beyond_a_row(step.opcode)) return std::nullopt;
    if (step.opcode == "Once" && !computes_constant(program, i)) return std::nullopt;
    if (step.opcode != "OpenRead") continue;
    if (root) return std::nullopt;
    root = {static_cast<uint32_t>(step.p2), step.p3};
  }
  return count_of(program, "Next") == 1 && count_of(program, "ResultRow") == 1 ? root
                                                                               : std::nullopt;
}

bool program_seeks(const std::vector<ProgramStep>& program) {
  return count_of(program, "SeekGE") + count_of(program, "SeekGT") > 0;
}

std::optional<StoredColumns> stored_columns(const std::vector<ProgramStep>& program) {
  if (!takes_every_row(program)) return std::nullopt;
  const auto sources = sources_of(program);
  const auto result = std::find_if(program.begin(), program.end(), [](const ProgramStep& step) {
    return step.opcode == "ResultRow";
  });
  if (!sources || sources->size() != static_cast<size_t>(result->p2)) return std::nullopt;
  StoredColumns out;
  for (int64_t column = 0; column < result->p2; ++column) {
    const auto source = sources->find(result->p1 + column);
    if (source == sources->end()) return std::nullopt;
    const std::optional<size_t> stored = source->second.stored;
    if (!stored) {
      if (source->second.is_real) return std::nullopt;
      out.rowids.push_back(static_cast<size_t>(column));
      continue;
    }
    if (out.targets.size() <= *stored) out.targets.resize(*stored + 1);
    StoredColumns::Target& target = out.targets[*stored];
    if (target.column != StoredColumns::kUnused) return std::nullopt;
    target = {static_cast<int32_t>(column), source->second.is_real};
  }
  return out;
}

}  // namespace sluice
