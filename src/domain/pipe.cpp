#include "domain/pipe.h"

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {

const Node* Pipe::find_node(std::string_view id_or_name) const {
  for (const Node& node : nodes) {
    if (node.id == id_or_name || node.name == id_or_name) return &node;
  }
  return nullptr;
}

const Node* Pipe::special_node() const {
  for (const Node& node : nodes) {
    if (node.type != NodeType::kStandard) return &node;
  }
  return nullptr;
}

std::string_view node_type_name(NodeType type) {
  switch (type) {
    case NodeType::kStandard:
      return "standard";
    case NodeType::kEndpoint:
      return "endpoint";
    case NodeType::kMaterialized:
      return "materialized";
    case NodeType::kCopy:
      return "copy";
  }
  return "standard";
}

std::optional<NodeType> parse_node_type(std::string_view text) {
  const std::string name = ascii_lower(trim(text));
  for (const NodeType type :
       {NodeType::kStandard, NodeType::kEndpoint, NodeType::kMaterialized, NodeType::kCopy}) {
    if (name == node_type_name(type)) return type;
  }
  return std::nullopt;
}

WriteStrategy parse_write_strategy(std::string_view text) {
  const std::string name = ascii_lower(trim(text));
  for (const char* known : {"new", "@new", "create_new", "append"}) {
    if (name == known) return WriteStrategy::kNew;
  }
  for (const char* known : {"truncate", "replace", "overwrite"}) {
    if (name == known) return WriteStrategy::kTruncate;
  }
  throw Error(ErrorCode::kInvalid, "The write strategy '" + std::string(text) + "' is not known.",
              "Use 'new' (never overwrites) or 'truncate' (replaces files of the same name).");
}

std::string_view write_strategy_name(WriteStrategy strategy) {
  switch (strategy) {
    case WriteStrategy::kNew:
      return "new";
    case WriteStrategy::kTruncate:
      return "truncate";
  }
  return "new";
}

EmptyResult parse_empty_result(std::string_view text) {
  const std::string name = ascii_lower(trim(text));
  if (name == "skip") return EmptyResult::kSkip;
  if (name == "write") return EmptyResult::kWrite;
  if (name == "error") return EmptyResult::kError;
  throw Error(ErrorCode::kInvalid,
              "The value '" + std::string(text) + "' of empty_result is not known.",
              "Use one of: skip, write, error.");
}

std::string_view empty_result_name(EmptyResult policy) {
  switch (policy) {
    case EmptyResult::kSkip:
      return "skip";
    case EmptyResult::kWrite:
      return "write";
    case EmptyResult::kError:
      return "error";
  }
  return "skip";
}

}  // namespace sluice
