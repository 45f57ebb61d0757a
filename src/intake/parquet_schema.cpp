#include "intake/parquet_schema.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "intake/page_bytes.h"
#include "intake/parquet_annotation.h"

namespace sluice {
namespace {

constexpr size_t kMostElements = 20000;
constexpr int kDeepest = 32;

enum Repetition : int32_t { kRequired = 0, kOptional = 1, kRepeated = 2 };

/// The struct SchemaElement. A group has children, a leaf a type.
struct Element {
  std::optional<int32_t> type;
  int32_t width = 0;
  int32_t repetition = kRequired;
  std::string name;
  int32_t children = 0;
  std::optional<ParquetLogicalType> converted;
  std::optional<ParquetLogicalType> logical;
  int32_t scale = 0;
  int32_t precision = 0;

  ParquetLogicalType says() const {
    if (logical && logical->annotation != ParquetAnnotation::kNone) return *logical;
    ParquetLogicalType older = converted.value_or(ParquetLogicalType());
    if (older.annotation == ParquetAnnotation::kDecimal) {
      older.scale = scale;
      older.precision = precision;
    }
    return older;
  }
};

Element read_element(ThriftDecoder& in) {
  Element element;
  for (ThriftField field; in.next(field);) {
    switch (field.id) {
      case 1:
        element.type = in.int32(field);
        break;
      case 2:
        element.width = in.int32(field);
        break;
      case 3:
        element.repetition = in.int32(field);
        break;
      case 4:
        element.name = in.binary(field);
        if (!is_utf8(element.name)) fail_damaged("the name of a column is no UTF-8");
        break;
      case 5:
        element.children = in.int32(field);
        break;
      case 6:
        element.converted = converted_type(in.int32(field));
        break;
      case 7:
        element.scale = in.int32(field);
        break;
      case 8:
        element.precision = in.int32(field);
        break;
      case 10:
        element.logical = read_logical_type(in, field);
        break;
      default:
        in.skip(field);
    }
  }
  return element;
}

struct Levels {
  uint32_t definition = 0;
  uint32_t repetition = 0;
};

/// Makes the tree of the elements, which stand in the order of a walk from the root.
class SchemaBuilder {
 public:
  explicit SchemaBuilder(std::vector<Element> elements) : elements_(std::move(elements)) {}

  ParquetNode build() {
    const Element& root = next();
    ParquetNode node;
    node.name = root.name;
    node.shape = ParquetShape::kGroup;
    add_children(node, root.children, {});
    if (at_ != elements_.size()) fail_damaged("its schema has fields that belong to no group");
    node.leaves = leaves_;
    return node;
  }

 private:
  const Element& next() {
    if (at_ == elements_.size()) fail_damaged("its schema ends within a group");
    return elements_[at_++];
  }
  const Element* peek() const { return at_ < elements_.size() ? &elements_[at_] : nullptr; }

  void add_children(ParquetNode& node, int32_t count, Levels levels) {
    if (++depth_ > kDeepest) {
      throw Error(
          ErrorCode::kTooLarge,
          "The Parquet file's schema is nested more than " + std::to_string(kDeepest) + " deep.",
          "Write the inner fields as a JSON text.");
    }
    for (int32_t i = 0; i < count; ++i) node.children.push_back(field(levels));
    --depth_;
  }

  /// Whatever comes next.
  ParquetNode field(Levels above) {
    const Element& element = next();
    if (element.repetition == kRepeated) return list_of_itself(element, above);
    Levels levels = above;
    if (element.repetition == kOptional) ++levels.definition;
    return content(element, levels);
  }

  ParquetNode list_of_itself(const Element& element, Levels above) {
    ParquetNode list = node_of(element, ParquetShape::kList, above);
    list.optional = false;
    const Levels inside = begin_elements(list);
    list.children.push_back(content(element, inside));
    list.leaves = leaves_ - list.first_leaf;
    return list;
  }

  /// The element as what it is, its repetition apart.
  ParquetNode content(const Element& element, Levels levels) {
    if (element.children == 0 && element.type) return leaf(element, levels);
    if (element.children < 1)
      fail_damaged("the group '" + shown_name(element.name) + "' of its schema is empty");
    const ParquetAnnotation says = element.says().annotation;
    if (says == ParquetAnnotation::kVariant) {
      throw Error(ErrorCode::kInvalid,
                  "Column '" + shown_name(element.name) +
                      "' of the Parquet file is a VARIANT, which is not supported.",
                  "Write it as a JSON text.");
    }
    const Element* inner = peek();
    const bool repeated =
        element.children == 1 && inner != nullptr && inner->repetition == kRepeated;
    ParquetNode node = node_of(element, ParquetShape::kGroup, levels);
    if (repeated && says == ParquetAnnotation::kList) {
      make_list(node, element);
    } else if (repeated && says == ParquetAnnotation::kMap && is_map(*inner)) {
      make_map(node);
    } else {
      add_children(node, element.children, levels);
    }
    node.leaves = leaves_ - node.first_leaf;
    return node;
  }

  /// LogicalTypes.md, "Lists": mostly the element is what stands in the repeated group; the rules
  /// for older files make the repeated field itself the element.
  void make_list(ParquetNode& node, const Element& list) {
    node.shape = ParquetShape::kList;
    const Element& inner = next();
    const Levels inside = begin_elements(node);
    const Element* single = peek();
    const bool is_element = inner.children != 1 || inner.name == "array" ||
                            inner.name == list.name + "_tuple" || single == nullptr ||
                            single->repetition == kRepeated;
    if (is_element) {
      node.children.push_back(content(inner, inside));
    } else {
      add_children(node, 1, inside);
    }
  }

  static bool is_map(const Element& inner) { return inner.children == 1 || inner.children == 2; }

  void make_map(ParquetNode& node) {
    node.shape = ParquetShape::kMap;
    const int32_t children = next().children;
    const Levels inside = begin_elements(node);
    add_children(node, children, inside);
  }

  static Levels begin_elements(ParquetNode& node) {
    node.element_definition = node.definition + 1;
    node.element_repetition = node.repetition + 1;
    return {node.element_definition, node.element_repetition};
  }

  ParquetNode node_of(const Element& element, ParquetShape shape, Levels levels) const {
    ParquetNode node;
    node.name = element.name;
    node.shape = shape;
    node.optional = element.repetition == kOptional;
    node.definition = levels.definition;
    node.repetition = levels.repetition;
    node.first_leaf = leaves_;
    return node;
  }

  ParquetNode leaf(const Element& element, Levels levels) {
    ParquetNode node = node_of(element, ParquetShape::kLeaf, levels);
    const int32_t type = *element.type;
    if (type < 0 || type > static_cast<int32_t>(ParquetType::kFixedLenByteArray)) {
      fail_damaged("column '" + shown_name(element.name) + "' has the type " +
                   std::to_string(type) + ", which there is not");
    }
    node.type = static_cast<ParquetType>(type);
    if (node.type == ParquetType::kFixedLenByteArray) {
      if (element.width < 1)
        fail_damaged("column '" + shown_name(element.name) + "' has values of no width");
      node.width = static_cast<size_t>(element.width);
    }
    settle_meaning(node, element.says());
    node.leaves = 1;
    ++leaves_;
    return node;
  }

  std::vector<Element> elements_;
  size_t at_ = 0;
  size_t leaves_ = 0;
  int depth_ = 0;
};

}  // namespace

std::string shown_name(std::string_view name) {
  size_t size = std::min(name.size(), limits::kNameBytes);
  const auto goes_on = [&] { return (static_cast<uint8_t>(name[size]) & 0xc0) == 0x80; };
  while (size > 0 && size < name.size() && goes_on()) --size;
  return std::string(name.substr(0, size));
}

ParquetNode read_parquet_schema(ThriftDecoder& footer, const ThriftField& field) {
  const size_t count = footer.list_of_structs(field);
  if (count > kMostElements) {
    throw Error(ErrorCode::kTooLarge,
                "The Parquet file's schema has " + std::to_string(count) + " fields; at most " +
                    std::to_string(kMostElements) + " are read.",
                "Write fewer columns.");
  }
  std::vector<Element> elements;
  elements.reserve(count);
  for (size_t i = 0; i < count && !footer.failed(); ++i) {
    elements.push_back(read_element(footer));
  }
  if (footer.failed() || elements.empty()) fail_damaged("its schema can't be read");
  return SchemaBuilder(std::move(elements)).build();
}

}  // namespace sluice
