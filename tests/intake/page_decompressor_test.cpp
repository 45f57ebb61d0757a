#include "intake/page_decompressor.h"

#include <brotli/encode.h>
#include <gtest/gtest.h>
#include <libdeflate.h>
#include <lz4.h>
#include <snappy.h>
#include <zstd.h>

#include <memory>
#include <string>

#include "support/caught.h"

namespace sluice {
namespace {

std::string text() {
  std::string out;
  for (int i = 0; i < 3000; ++i) out += "row " + std::to_string(i * i % 97) + "\n";
  return out;
}

std::string gzip(const std::string& in) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> with(
      libdeflate_alloc_compressor(6), libdeflate_free_compressor);
  std::string out(libdeflate_gzip_compress_bound(with.get(), in.size()), '\0');
  out.resize(libdeflate_gzip_compress(with.get(), in.data(), in.size(), out.data(), out.size()));
  return out;
}
std::string zstd(const std::string& in) {
  std::string out(ZSTD_compressBound(in.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), in.data(), in.size(), 3));
  return out;
}
std::string snap(const std::string& in) {
  std::string out;
  snappy::Compress(in.data(), in.size(), &out);
  return out;
}
std::string lz4(const std::string& in) {
  const int size = static_cast<int>(in.size());
  std::string out(static_cast<size_t>(LZ4_compressBound(size)), '\0');
  const int packed =
      LZ4_compress_default(in.data(), out.data(), size, static_cast<int>(out.size()));
  out.resize(static_cast<size_t>(packed));
  return out;
}
std::string brotli(const std::string& in) {
  size_t size = BrotliEncoderMaxCompressedSize(in.size());
  std::string out(size, '\0');
  BrotliEncoderCompress(4, 22, BROTLI_MODE_GENERIC, in.size(),
                        reinterpret_cast<const uint8_t*>(in.data()), &size,
                        reinterpret_cast<uint8_t*>(out.data()));
  out.resize(size);
  return out;
}
std::string big_endian(size_t size) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(size >> shift & 0xff);
  return out;
}
std::string hadoop(const std::string& in) {
  const std::string first = in.substr(0, in.size() / 3);
  const std::string second = in.substr(first.size());
  std::string out;
  for (const std::string& block : {first, second}) {
    const std::string packed = lz4(block);
    out += big_endian(block.size()) + big_endian(packed.size()) + packed;
  }
  return out;
}

std::string undone(ParquetCodec codec, const std::string& packed, size_t size) {
  PageDecompressor decompressor;
  std::string out(size, '?');
  decompressor.run(codec, packed, out.data(), size);
  return out;
}

TEST(PageDecompressor, UndoesEveryCodec) {
  const std::string raw = text();
  EXPECT_EQ(undone(ParquetCodec::kNone, raw, raw.size()), raw);
  EXPECT_EQ(undone(ParquetCodec::kSnappy, snap(raw), raw.size()), raw);
  EXPECT_EQ(undone(ParquetCodec::kGzip, gzip(raw), raw.size()), raw);
  EXPECT_EQ(undone(ParquetCodec::kGzip, gzip(raw) + gzip("more"), raw.size() + 4), raw + "more");
  EXPECT_EQ(undone(ParquetCodec::kBrotli, brotli(raw), raw.size()), raw);
  EXPECT_EQ(undone(ParquetCodec::kZstd, zstd(raw), raw.size()), raw);
  EXPECT_EQ(undone(ParquetCodec::kLz4Raw, lz4(raw), raw.size()), raw);
  EXPECT_EQ(undone(ParquetCodec::kLz4Hadoop, hadoop(raw), raw.size()), raw);
  EXPECT_EQ(undone(ParquetCodec::kLz4Hadoop, lz4(raw), raw.size()), raw);
}

TEST(PageDecompressor, AnotherSizeOrDamageIsInvalid) {
  const std::string raw = text();
  const std::pair<ParquetCodec, std::string> all[] = {{ParquetCodec::kNone, raw},
                                                      {ParquetCodec::kSnappy, snap(raw)},
                                                      {ParquetCodec::kGzip, gzip(raw)},
                                                      {ParquetCodec::kBrotli, brotli(raw)},
                                                      {ParquetCodec::kZstd, zstd(raw)},
                                                      {ParquetCodec::kLz4Raw, lz4(raw)},
                                                      {ParquetCodec::kLz4Hadoop, hadoop(raw)}};
  for (const auto& [codec, packed] : all) {
    EXPECT_ERROR(undone(codec, packed, raw.size() - 1), kInvalid);
    EXPECT_ERROR(undone(codec, packed, raw.size() + 1), kInvalid);
    EXPECT_ERROR(undone(codec, packed.substr(0, packed.size() / 2), raw.size()), kInvalid);
    EXPECT_ERROR(undone(codec, "", raw.size()), kInvalid);
  }
}

TEST(PageDecompressor, CodecsThatAreNotSupportedAreNamed) {
  for (const int known : {0, 1, 2, 4, 5, 6, 7}) EXPECT_NO_THROW(check_codec(known));
  EXPECT_EQ(caught([] { check_codec(3); }).message(),
            "The Parquet file is compressed with LZO, which is not supported.");
  EXPECT_EQ(caught([] { check_codec(42); }).message(),
            "The Parquet file is compressed with codec 42, which is not supported.");
  EXPECT_ERROR(check_codec(-1), kInvalid);
}

}  // namespace
}  // namespace sluice
