#include "intake/parquet_path.h"

#include <algorithm>
#include <span>
#include <utility>

#include "domain/json_path.h"

namespace sluice {
namespace {

std::optional<ParquetNode> find(const ParquetNode& node, std::span<const JsonStep> steps) {
  if (steps.empty()) return node;
  const JsonStep& step = steps.front();
  if (step.each) {
    if (node.shape != ParquetShape::kList) return std::nullopt;
    std::optional<ParquetNode> element = find(node.children[0], steps.subspan(1));
    if (!element) return std::nullopt;
    ParquetNode list = node;
    list.first_leaf = element->first_leaf;
    list.leaves = element->leaves;
    list.children.clear();
    list.children.push_back(std::move(*element));
    return list;
  }
  if (node.shape != ParquetShape::kGroup) return std::nullopt;
  const auto named = [&](const ParquetNode& child) { return child.name == step.key; };
  const auto child = std::find_if(node.children.begin(), node.children.end(), named);
  return child == node.children.end() ? std::nullopt : find(*child, steps.subspan(1));
}

}  // namespace

std::optional<ParquetNode> find_field(const ParquetNode& root, const DataColumn& column) {
  const std::vector<JsonStep> steps = column.json_path.empty()
                                          ? std::vector<JsonStep>{{column.name, false}}
                                          : parse_json_path(column.json_path);
  return find(root, steps);
}

}  // namespace sluice
