#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>

#include "base/encoding.h"
#include "base/error.h"
#include "intake/made_parquet.h"
#include "intake/parquet_records.h"
#include "intake/parquet_samples.h"

namespace sluice {
namespace {

/// A damaged file can say that it has any number of rows of NULL, which are true to it.
constexpr uint64_t kRowsEnough = 20000;

struct Outcome {
  bool refused = false;
  uint64_t rows = 0;
};

/// Reads the file as it is wanted: rows, or one of the two errors that a file can be answered with.
Outcome read_whatever(const std::string& file) {
  Outcome outcome;
  try {
    const auto bytes = range_in_memory(file);
    const auto columns = parquet_columns(*bytes);
    const auto records = make_parquet_records(bytes, columns);
    Batch batch;
    std::vector<RejectedRow> rejected;
    while (outcome.rows < kRowsEnough && records->next(batch, rejected)) {
      outcome.rows += batch.rows();
      for (size_t row = 0; row < batch.rows(); row += 97) records->text_of(row);
    }
  } catch (const Error& error) {
    outcome.refused = true;
    const bool fitting =
        error.code() == ErrorCode::kInvalid || error.code() == ErrorCode::kTooLarge;
    EXPECT_TRUE(fitting) << error.what();
    EXPECT_FALSE(error.message().empty());
    EXPECT_FALSE(error.hint().empty());
    EXPECT_TRUE(is_utf8(error.message())) << error.message();
  }
  return outcome;
}

class Damage {
 public:
  explicit Damage(unsigned seed) : random_(seed) {}

  std::string to(std::string file) {
    switch (random_() % 5) {
      case 0:
        return cut(std::move(file));
      case 1:
        return doubled(std::move(file));
      default:
        return flipped(std::move(file));
    }
  }

 private:
  size_t below(size_t most) { return random_() % most; }

  /// The footer stays, so that what is before it is read.
  static constexpr size_t kTail = 8;

  std::string flipped(std::string file) {
    constexpr uint8_t kEdges[] = {0x00, 0x01, 0x7f, 0x80, 0xff, 0xfe};
    for (size_t left = 1 + below(4); left > 0; --left) {
      char& byte = file[4 + below(file.size() - 4 - kTail)];
      const bool edge = below(3) == 0;
      byte = static_cast<char>(edge ? kEdges[below(std::size(kEdges))] : byte ^ 1 << below(8));
    }
    return file;
  }
  std::string cut(std::string file) {
    const size_t at = 4 + below(file.size() - 4 - kTail);
    return file.erase(at, 1 + below(std::min<size_t>(40, file.size() - kTail - at)));
  }
  std::string doubled(std::string file) {
    const size_t from = below(file.size() - kTail);
    const std::string part =
        file.substr(from, 1 + below(std::min<size_t>(40, file.size() - kTail - from)));
    return file.insert(4 + below(file.size() - 4 - kTail), part);
  }

  std::mt19937 random_;
};

std::string sample(size_t number) { return *hex_decode(kParquetSamples[number].second); }

TEST(ParquetFuzz, TheSamplesAreWhole) {
  for (size_t i = 0; i < std::size(kParquetSamples); ++i) {
    const Outcome outcome = read_whatever(sample(i));
    EXPECT_FALSE(outcome.refused) << kParquetSamples[i].first;
    EXPECT_EQ(outcome.rows, 4U) << kParquetSamples[i].first;
  }
  const std::vector<std::string> cells = read_cells(sample(2));
  EXPECT_EQ(cells[0], "'[1,null]'");
  EXPECT_EQ(cells[1], R"('{"k":1}')");
  EXPECT_EQ(cells[2], R"('{"x":[{"y":"z"}]}')");
}

TEST(ParquetFuzz, AnyByteMayBeAnother) {
  const char* const given = std::getenv("SLUICE_SEED");
  const unsigned seed = given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                                         : std::random_device()();
  std::cout << "seed: SLUICE_SEED=" << seed << '\n';
  Damage damage(seed);
  uint64_t refused = 0;
  uint64_t read = 0;
  constexpr int kTimes = 2500;
  for (size_t i = 0; i < std::size(kParquetSamples); ++i) {
    const std::string whole = sample(i);
    for (int time = 0; time < kTimes; ++time) {
      const Outcome outcome = read_whatever(damage.to(whole));
      ++(outcome.refused ? refused : read);
    }
  }
  std::cout << refused << " refused, " << read << " read\n";
  EXPECT_GT(refused, 0U);
  EXPECT_GT(read, 0U) << "values may change without a sign";
}

TEST(ParquetFuzz, EveryBeginOfAFileIsRefused) {
  for (size_t i = 0; i < std::size(kParquetSamples); ++i) {
    const std::string whole = sample(i);
    for (size_t size = 0; size < whole.size(); ++size) {
      EXPECT_TRUE(read_whatever(whole.substr(0, size)).refused) << size;
    }
  }
}

TEST(ParquetFuzz, EveryByteOnItsOwn) {
  for (size_t i = 0; i < std::size(kParquetSamples); ++i) {
    const std::string whole = sample(i);
    for (size_t at = 0; at < whole.size(); ++at) {
      for (const int byte : {0x00, 0x7f, 0x80, 0xff}) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(byte);
        read_whatever(damaged);
      }
    }
  }
}

}  // namespace
}  // namespace sluice
