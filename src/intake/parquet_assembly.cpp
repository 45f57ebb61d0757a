#include "intake/parquet_assembly.h"

#include "base/error.h"
#include "base/limits.h"
#include "data/json_text.h"
#include "intake/page_bytes.h"
#include "intake/parquet_text.h"

namespace sluice {
namespace {

void add_cursors(const ParquetNode& node, ParquetReading& reading,
                 std::vector<std::unique_ptr<ParquetCursor>>& cursors) {
  if (node.shape == ParquetShape::kLeaf) {
    cursors.push_back(std::make_unique<ParquetCursor>(node, reading));
  }
  for (const ParquetNode& child : node.children) add_cursors(child, reading, cursors);
}

}  // namespace

ParquetAssembly::ParquetAssembly(const ParquetNode& node, ParquetReading& reading) : node_(node) {
  add_cursors(node, reading, cursors_);
}

void ParquetAssembly::begin(const std::vector<ParquetChunkPlace>& chunks) {
  for (size_t i = 0; i < cursors_.size(); ++i) cursors_[i]->begin(chunks[node_.first_leaf + i]);
}

bool ParquetAssembly::append_row(std::string& out) {
  row_begin_ = out.size();
  const bool there = definition_at(node_) >= node_.definition;
  if (there) {
    append(out, node_);
  } else {
    pass(node_, node_.definition);
  }
  for (const auto& cursor : cursors_) {
    if (cursor->more() && cursor->repetition() != 0) fail_disagree(node_);
  }
  return there;
}

uint32_t ParquetAssembly::definition_at(const ParquetNode& node) {
  ParquetCursor& first = first_of(node);
  if (!first.more()) fail_disagree(node);
  return first.definition();
}

void ParquetAssembly::append(std::string& out, const ParquetNode& node) {
  if (node.shape == ParquetShape::kLeaf) return append_leaf(out, node);
  if (definition_at(node) < node.definition) {
    pass(node, node.definition);
    out += "null";
    return;
  }
  switch (node.shape) {
    case ParquetShape::kGroup:
      return append_group(out, node);
    case ParquetShape::kList:
      return append_list(out, node);
    case ParquetShape::kMap:
      return append_map(out, node);
    case ParquetShape::kLeaf:
      return;
  }
}

void ParquetAssembly::append_group(std::string& out, const ParquetNode& node) {
  require(node, node.definition);
  out += '{';
  for (const ParquetNode& child : node.children) {
    if (&child != &node.children.front()) out += ',';
    append_json_string(out, child.name);
    out += ':';
    append(out, child);
  }
  out += '}';
}

template <class Append>
void ParquetAssembly::for_each_element(std::string& out, const ParquetNode& node,
                                       const Append& append_element) {
  if (definition_at(node) < node.element_definition) {
    return pass(node, node.element_definition);
  }
  bool first = true;
  do {
    if (!first) out += ',';
    first = false;
    require(node, node.element_definition);
    append_element();
    if (out.size() - row_begin_ > limits::kValueBytes) {
      throw Error(ErrorCode::kTooLarge,
                  "A value of column '" + shown_name(node_.name) +
                      "' of the Parquet file has more than " + std::to_string(limits::kValueBytes) +
                      " bytes as JSON.",
                  "Leave it out, or split it.");
    }
  } while (another(node, node.element_repetition));
}

void ParquetAssembly::append_list(std::string& out, const ParquetNode& node) {
  out += '[';
  for_each_element(out, node, [&] { append(out, node.children[0]); });
  out += ']';
}

void ParquetAssembly::append_map(std::string& out, const ParquetNode& node) {
  const ParquetNode& key = node.children[0];
  const ParquetNode* const value = node.children.size() > 1 ? &node.children[1] : nullptr;
  const bool pairs = key.shape != ParquetShape::kLeaf;
  out += pairs ? '[' : '{';
  for_each_element(out, node, [&] {
    if (pairs) {
      out += '[';
      append(out, key);
      out += ',';
    } else {
      append_key(out, key);
      out += ':';
    }
    if (value != nullptr) {
      append(out, *value);
    } else {
      out += "null";
    }
    if (pairs) out += ']';
  });
  out += pairs ? ']' : '}';
}

/// Keys of JSON are strings.
void ParquetAssembly::append_key(std::string& out, const ParquetNode& key) {
  const ParquetValue* const value = first_of(key).take();
  std::string text = "null";
  if (value != nullptr) {
    text.clear();
    append_parquet_text(text, key, *value);
  }
  append_json_string(out, text);
}

void ParquetAssembly::append_leaf(std::string& out, const ParquetNode& leaf) {
  const ParquetValue* const value = first_of(leaf).take();
  if (value == nullptr) {
    out += "null";
  } else {
    append_parquet_json(out, leaf, *value);
  }
}

void ParquetAssembly::require(const ParquetNode& node, uint32_t definition) {
  const size_t first = node.first_leaf - node_.first_leaf;
  for (size_t i = first; i < first + node.leaves; ++i) {
    ParquetCursor& cursor = *cursors_[i];
    if (!cursor.more() || cursor.definition() < definition) fail_disagree(node);
  }
}

void ParquetAssembly::pass(const ParquetNode& node, uint32_t below) {
  const size_t first = node.first_leaf - node_.first_leaf;
  for (size_t i = first; i < first + node.leaves; ++i) {
    ParquetCursor& cursor = *cursors_[i];
    if (!cursor.more() || cursor.definition() >= below) fail_disagree(node);
    cursor.take();
  }
}

bool ParquetAssembly::another(const ParquetNode& node, uint32_t repetition) {
  const size_t first = node.first_leaf - node_.first_leaf;
  size_t agree = 0;
  for (size_t i = first; i < first + node.leaves; ++i) {
    ParquetCursor& cursor = *cursors_[i];
    if (!cursor.more()) continue;
    const uint32_t next = cursor.repetition();
    // Deeper than this list: an inner list that did not take all of its elements.
    if (next > repetition) fail_disagree(node);
    if (next == repetition) ++agree;
  }
  if (agree != 0 && agree != node.leaves) fail_disagree(node);
  return agree != 0;
}

void ParquetAssembly::fail_disagree(const ParquetNode& node) {
  fail_damaged("the columns of '" + shown_name(node.name) +
               "' do not agree on how many values there are");
}

}  // namespace sluice
