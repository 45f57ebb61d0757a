#include <memory>
#include <string>
#include <utility>

#include "format/file_formats.h"
#include "format/json_rows.h"
#include "format/text_block.h"

namespace sluice {
namespace {

JsonRules rules_of(FormatSpec& spec) {
  const JsonIntegers integers =
      spec.options.big_integers_as_text ? JsonIntegers::kBigAsText : JsonIntegers::kNumbers;
  return json_objects(std::move(spec.columns), "}\n", integers, "NDJSON");
}

class NdjsonFormat final : public TextFormat {
 public:
  explicit NdjsonFormat(FormatSpec spec) : TextFormat(spec), rules_(rules_of(spec)) {}
  std::unique_ptr<BlockBuilder> make_builder() const override { return make_collector(); }
  std::unique_ptr<BlockCollector> make_collector() const override {
    return std::make_unique<TextBlockBuilder<JsonRows>>(*this, rules_);
  }

 private:
  const std::string& header() const override { return header_; }

  JsonRules rules_;
  std::string header_;  ///< There is none.
};

}  // namespace

std::unique_ptr<FileFormat> make_ndjson_format(FormatSpec spec) {
  return std::make_unique<NdjsonFormat>(std::move(spec));
}

}  // namespace sluice
