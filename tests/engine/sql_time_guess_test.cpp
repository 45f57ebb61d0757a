#include "engine/sql_time_guess.h"

#include "engine/function_world.h"

namespace sluice {
namespace {

std::string guessed(std::string_view text, const char* zone = nullptr) {
  const TimeZone place = zone == nullptr ? TimeZone() : TimeZone::find(zone);
  const std::optional<Moment> moment = guess_moment(text, zone == nullptr ? nullptr : &place);
  if (!moment) return "nothing";
  std::string out;
  append_moment(out, *moment);
  return out;
}

TEST(SqlTimeGuess, OneMomentInManyForms) {
  for (const char* text :
       {"2024-01-05T10:11:12Z", "2024-01-05 10:11:12", "2024/01/05 10:11:12", "20240105101112",
        "Jan 5 2024 10:11:12", "5 Jan 2024 10:11:12", "05/01/2024 10:11:12", "5.1.2024 10:11:12",
        "Fri, 05 Jan 2024 10:11:12 GMT", "2024-01-05T12:11:12+02:00", "20240105T101112Z",
        "2024-01-05 10:11:12 AM", "10:11:12 2024-01-05", "1704449472", "January 5, 2024 10:11:12",
        "2024-01-05 08:11:12 -0200"}) {
    EXPECT_EQ(guessed(text), "2024-01-05 10:11:12") << text;
  }
}

TEST(SqlTimeGuess, PartsMayBeMissing) {
  EXPECT_EQ(guessed("2024"), "2024-01-01 00:00:00");
  EXPECT_EQ(guessed("2024-02"), "2024-02-01 00:00:00");
  EXPECT_EQ(guessed("5 Jan 2024"), "2024-01-05 00:00:00");
  EXPECT_EQ(guessed("2024-01-05 10:11"), "2024-01-05 10:11:00");
  EXPECT_EQ(guessed("2024-01-05 12:30 AM"), "2024-01-05 00:30:00");
  EXPECT_EQ(guessed("2024-01-05 10:11:12.345"), "2024-01-05 10:11:12.345");
  EXPECT_EQ(guessed("1700000000123"), "2023-11-14 22:13:20.123");
}

TEST(SqlTimeGuess, ATextWithoutOffsetIsOfTheZone) {
  EXPECT_EQ(guessed("2024-07-05 10:00:00", "Europe/Berlin"), "2024-07-05 08:00:00");
  EXPECT_EQ(guessed("2024-07-05T10:00:00Z", "Europe/Berlin"), "2024-07-05 10:00:00");
}

TEST(SqlTimeGuess, NothingOfWhatIsNone) {
  for (const char* text :
       {"", " ", "nope", "2024-13-01", "2024-02-30", "25:00 2024-01-01", "2024-01-05 x", "Jan",
        "10:11", "2024-01-05 2023-01-05", "2024-01-05 10:11:12 10:11:12", "Jan Feb 2024", "12345",
        "2024-01-05 10:11:12+99:00", "2024-01-05 13:00 PM", "0000-01-01", ":", "+"}) {
    EXPECT_EQ(guessed(text), "nothing") << text;
  }
  EXPECT_EQ(guessed(std::string(1000, '1')), "nothing");
}

}  // namespace
}  // namespace sluice
