// Compresses what it reads, for tests that open the result with other programs:
//
//   codec_tool block|stream|page COMPRESSION LEVEL PIECE_BYTES < in > out
//
// block: the input as pieces of PIECE_BYTES, joined; stream: one stream, written in such pieces;
// page: pieces as pages, which only stand alone. Empty input is one piece of nothing.

#include <charconv>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "base/error.h"
#include "format/codec.h"

namespace sluice {
namespace {

class OutputSink final : public ByteSink {
 public:
  void write(std::string_view bytes) override {
    std::cout.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  void finish() override { std::cout.flush(); }
};

template <typename Take>
void for_each_piece(std::string_view in, size_t bytes, const Take& take) {
  do {
    const std::string_view piece = in.substr(0, bytes);
    take(piece);
    in.remove_prefix(piece.size());
  } while (!in.empty());
}

int run(std::string_view what, std::string_view compression_text, std::string_view level_text,
        size_t piece_bytes) {
  const Compression compression = parse_compression(compression_text);
  const CompressionLevel level = parse_compression_level(level_text);
  check_compression_level(level, compression);
  const std::string in{std::istreambuf_iterator<char>(std::cin), {}};
  OutputSink out;
  if (what == "stream") {
    const auto stream = make_stream_compressor(compression, level, out);
    for_each_piece(in, piece_bytes, [&](std::string_view piece) { stream->write(piece); });
    stream->finish();
  } else {
    const auto codec = what == "block" ? make_block_codec(compression, level)
                                       : make_page_codec(compression, level);
    std::string made;
    for_each_piece(in, piece_bytes, [&](std::string_view piece) { codec->compress(piece, made); });
    out.write(made);
    out.finish();
  }
  return std::cout ? 0 : 1;
}

}  // namespace
}  // namespace sluice

int main(int count, char** arguments) {
  const auto usage = [] {
    std::cerr << "usage: codec_tool block|stream|page COMPRESSION LEVEL PIECE_BYTES < in > out\n";
    return 2;
  };
  if (count != 5) return usage();
  const std::string_view what = arguments[1];
  const std::string_view number = arguments[4];
  size_t piece_bytes = 0;
  const auto [end, failed] =
      std::from_chars(number.data(), number.data() + number.size(), piece_bytes);
  const bool whole = failed == std::errc() && end == number.data() + number.size();
  if (!whole || piece_bytes == 0) return usage();
  if (what != "block" && what != "stream" && what != "page") return usage();
  try {
    return sluice::run(what, arguments[2], arguments[3], piece_bytes);
  } catch (const sluice::Error& error) {
    std::cerr << error.message() << " " << error.hint() << "\n";
    return 1;
  }
}
