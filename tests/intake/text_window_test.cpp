#include "intake/text_window.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/limits.h"

namespace sluice {
namespace {

TextWindow window_on(std::string text) {
  return TextWindow(open_byte_stream(range_in_memory(std::move(text))));
}

TEST(TextWindow, MovesOverTheText) {
  std::string text;
  for (int i = 0; text.size() < 3 * limits::kBatchBytes; ++i) text += std::to_string(i) + "\n";
  TextWindow window = window_on(text);
  std::string read;
  while (!window.view().empty()) {
    ASSERT_LE(window.view().size(), limits::kBatchBytes);
    const size_t part = std::min<size_t>(window.view().size(), 100'003);
    read += window.view().substr(0, part);
    window.advance(part);
  }
  EXPECT_TRUE(window.is_last());
  EXPECT_EQ(read, text);
}

TEST(TextWindow, WidensUpToARow) {
  TextWindow window = window_on(std::string(2 * limits::kRowBytes, 'x'));
  EXPECT_EQ(window.view().size(), limits::kBatchBytes);
  int times = 0;
  while (window.widen()) ++times;
  EXPECT_EQ(window.view().size(), limits::kRowBytes);
  EXPECT_LT(times, 10) << "it doubles";
  EXPECT_FALSE(window.is_last());
}

TEST(TextWindow, ByteOrderMark) {
  EXPECT_EQ(window_on("\xef\xbb\xbfx").view(), "x");
  EXPECT_EQ(window_on("\xef\xbbx").view(), "\xef\xbbx");
  EXPECT_EQ(window_on("\xef\xbb\xbf").view(), "");
  EXPECT_EQ(window_on("").view(), "");
}

TEST(TextWindow, RowsAreShownAsText) {
  EXPECT_EQ(shown_row("a\xc3\xa4"), "a\xc3\xa4");
  EXPECT_EQ(shown_row("a\xff"
                      "b"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(shown_row(std::string_view("a\0b", 3)),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(shown_row("\xe2\x82"), "\xef\xbf\xbd");
  const std::string shown = shown_row(std::string(1'000'000, '\xff'));
  EXPECT_LE(shown.size(), limits::kQuarantinedBytes);
  EXPECT_TRUE(is_utf8(shown));
  EXPECT_EQ(shown_row(std::string(1'000'000, 'x')).size(), limits::kQuarantinedBytes);
}

}  // namespace
}  // namespace sluice
