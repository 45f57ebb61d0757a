#include "format/text_block.h"

namespace sluice {
namespace {

/// Blocks one after the other; what compresses a whole file stands behind it as the sink.
class TextJoiner final : public BlockJoiner {
 public:
  TextJoiner(std::unique_ptr<ByteSink> stream, ByteSink& out)
      : stream_(std::move(stream)), out_(stream_ ? *stream_ : out) {}
  void append(Block block) override { out_.write(block.bytes); }
  void finish() override { out_.finish(); }

 private:
  std::unique_ptr<ByteSink> stream_;
  ByteSink& out_;
};

}  // namespace

std::unique_ptr<BlockJoiner> TextFormat::make_joiner(ByteSink& out, bool with_head) const {
  auto joiner = std::make_unique<TextJoiner>(
      one_stream_ ? make_stream_compressor(compression_, level_, out) : nullptr, out);
  if (with_head && !header().empty()) {
    TextWriter nothing;
    Block head;
    head.bytes = pack(header(), nothing);
    joiner->append(std::move(head));
  }
  return joiner;
}

std::string TextFormat::pack(const std::string& header, TextWriter& writer) const {
  if (copies()) {
    std::string text = writer.take();
    if (!header.empty()) text.insert(0, header);
    return text;
  }
  std::string packed;
  if (header.empty()) {
    codecs_->compress(writer.text(), packed);
  } else {
    codecs_->compress(header + std::string(writer.text()), packed);
  }
  writer.clear();
  packed.shrink_to_fit();
  return packed;
}

}  // namespace sluice
