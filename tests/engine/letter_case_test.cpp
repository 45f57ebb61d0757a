#include "engine/letter_case.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(LetterCase, ChangesLettersOfThreeScripts) {
  EXPECT_EQ(lower_letters("AÄÖß ŁŽŸ ΑΣΏ ЖЁҐ"), "aäöß łžÿ ασώ жёҐ");
  EXPECT_EQ(upper_letters("aäö łžÿ ασςώ жёѓ"), "AÄÖ ŁŽŸ ΑΣΣΏ ЖЁЃ");
  EXPECT_EQ(lower_letters("İı×÷"), "İı×÷");
}

TEST(LetterCase, EveryPairLeadsBack) {
  for (const char* upper : {"Z", "À", "Þ", "Ā", "Ķ", "Ĺ", "Ň", "Ŷ", "Ź", "Ž", "Ά", "Έ", "Ώ", "Ϋ",
                            "Ѐ", "Џ", "А", "Я", "Ѡ"}) {
    EXPECT_NE(lower_letters(upper), upper);
    EXPECT_EQ(upper_letters(lower_letters(upper)), upper);
  }
}

TEST(LetterCase, BytesThatAreNoCharactersStay) {
  EXPECT_EQ(lower_letters("A\xC3"), "a\xC3");
  EXPECT_EQ(upper_letters("\xFF\x80z\xED\xA0\x80"), "\xFF\x80Z\xED\xA0\x80");
}

TEST(LetterCase, CountsCharacters) {
  EXPECT_EQ(count_characters("aä€😀"), 4U);
  EXPECT_EQ(count_characters("\xFF\xC3"), 2U);
  EXPECT_EQ(byte_of_character("aä€😀", 2), 3U);
  EXPECT_EQ(byte_of_character("aä", 9), 3U);
  EXPECT_EQ(character_end("€"), 3U);
}

}  // namespace
}  // namespace sluice
