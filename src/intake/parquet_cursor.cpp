#include "intake/parquet_cursor.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "intake/page_bytes.h"

namespace sluice {

void ParquetCursor::begin(const ParquetChunkPlace& chunk) {
  pages_.begin(chunk);
  left_in_chunk_ = static_cast<uint64_t>(chunk.values);
  left_in_page_ = 0;
  defined_ = 0;
  has_dictionary_ = false;
  page_values_.reset();
  level_ = levels_ = 0;
  value_ = values_ = 0;
}

bool ParquetCursor::load_levels() {
  try {
    while (left_in_page_ == 0) {
      if (left_in_chunk_ == 0) return false;
      load_page();
    }
    levels_ = std::min(left_in_page_, kBlock);
    level_ = 0;
    left_in_page_ -= levels_;
    repetition_levels_.read(repetitions_, levels_);
    definition_levels_.read(definitions_, levels_);
    // Of the levels before all values were asked for, so they are loaded.
    const auto end = definitions_ + levels_;
    defined_ = static_cast<size_t>(std::count(definitions_, end, leaf_.definition));
    return true;
  } catch (const Error& error) {
    rethrow(error);
  }
}

void ParquetCursor::load_values() {
  try {
    value_ = values_ = 0;
    if (!page_values_) fail_damaged("a page has fewer values than its levels say");
    values_ = page_values_->read(value_block_, std::min(defined_, kBlock));
    defined_ -= values_;
  } catch (const Error& error) {
    rethrow(error);
  }
}

void ParquetCursor::load_page() {
  const ParquetPage& page = pages_.next();
  if (page.type == ParquetPageType::kDictionary) return take_dictionary(page);
  if (page.values > left_in_chunk_)
    fail_damaged("its pages have more values than the row group says");
  left_in_chunk_ -= page.values;
  left_in_page_ = page.values;
  PageBytes body(page.body);
  if (page.type == ParquetPageType::kDataV2) {
    repetition_levels_ = LevelDecoder::of(page.repetition_levels, leaf_.repetition);
    definition_levels_ = LevelDecoder::of(page.definition_levels, leaf_.definition);
  } else {
    repetition_levels_ =
        LevelDecoder::take_from(body, page.repetition_encoding, leaf_.repetition, page.values);
    definition_levels_ =
        LevelDecoder::take_from(body, page.definition_encoding, leaf_.definition, page.values);
  }
  page_values_.reset();
  // A page of NULLs alone need not hold anything, not even what its encoding begins with.
  if (body.left() == 0) return;
  page_values_ =
      make_parquet_values(leaf_, page, body.rest(), has_dictionary_ ? &dictionary_ : nullptr);
}

/// Copied: the pages behind it take its place.
void ParquetCursor::take_dictionary(const ParquetPage& page) {
  if (has_dictionary_) fail_damaged("it has two dictionaries in one row group");
  if (page.encoding != ParquetEncoding::kPlain &&
      page.encoding != ParquetEncoding::kPlainDictionary) {
    fail_damaged("its dictionary has the encoding " +
                 std::to_string(static_cast<int32_t>(page.encoding)) + " in place of PLAIN");
  }
  // No entry takes less than a bit; a dictionary of booleans there is not.
  if (leaf_.type == ParquetType::kBoolean || page.values > page.body.size()) {
    fail_damaged("its dictionary has more entries than bytes");
  }
  const size_t now = page.body.size() + page.values * sizeof(ParquetValue);
  reading_.hold(std::exchange(held_, now), now);
  dictionary_bytes_ = {};
  dictionary_bytes_.append(page.body);
  dictionary_ = std::vector<ParquetValue>(page.values);
  has_dictionary_ = true;
  if (page.values == 0) return;
  ParquetPage plain = page;
  plain.encoding = ParquetEncoding::kPlain;
  const auto values = make_parquet_values(leaf_, plain, dictionary_bytes_.view(), nullptr);
  for (size_t done = 0; done < page.values;) {
    done += values->read(dictionary_.data() + done, page.values - done);
  }
}

void ParquetCursor::fail_ended() const {
  try {
    fail_damaged("it has fewer values than its row group has rows");
  } catch (const Error& error) {
    rethrow(error);
  }
}

void ParquetCursor::rethrow(const Error& error) const {
  throw error.within("Column '" + shown_name(leaf_.name) + "'");
}

}  // namespace sluice
