#include "domain/backfill.h"

#include <charconv>

#include "base/error.h"

namespace sluice {
namespace {

constexpr std::chrono::seconds kShortestStep{60};
constexpr std::chrono::hours kLongestStep{24 * 3660};

[[noreturn]] void bad_step(std::string_view text) {
  throw Error(ErrorCode::kInvalid,
              "'" + std::string(text.substr(0, 80)) + "' is no length of time.",
              "Write one from 1m to 3660d: 30m, 6h, 1d, 2w.");
}

[[noreturn]] void too_many(size_t most) {
  throw Error(ErrorCode::kInvalid,
              "The range has more than " + std::to_string(most) + " intervals.",
              "Give a longer step, or a shorter range.");
}

}  // namespace

std::string_view backfill_status(const Backfill& backfill) {
  const BackfillFigures& figures = backfill.figures;
  if (figures.working > 0) return "working";
  if (figures.waiting > 0) return figures.waiting == figures.all() ? "waiting" : "working";
  if (figures.error > 0) return "error";
  return figures.cancelled > 0 ? "cancelled" : "done";
}

std::chrono::seconds parse_step(std::string_view text) {
  int64_t count = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failed != std::errc() || end + 1 != text.data() + text.size()) bad_step(text);
  std::chrono::seconds unit{};
  switch (*end) {
    case 'm':
      unit = std::chrono::minutes(1);
      break;
    case 'h':
      unit = std::chrono::hours(1);
      break;
    case 'd':
      unit = std::chrono::hours(24);
      break;
    case 'w':
      unit = std::chrono::hours(7 * 24);
      break;
    default:
      bad_step(text);
  }
  if (count < 1 || count > kLongestStep / kShortestStep) bad_step(text);
  const std::chrono::seconds step = unit * count;
  if (step < kShortestStep || step > kLongestStep) bad_step(text);
  return step;
}

std::vector<Interval> intervals_of(const Interval& range, std::chrono::seconds step, size_t most) {
  std::vector<Interval> intervals;
  for (Timestamp begin = range.begin; begin < range.end; begin += step) {
    if (intervals.size() == most) too_many(most);
    intervals.push_back({begin, std::min<Timestamp>(begin + step, range.end)});
  }
  return intervals;
}

std::vector<Interval> intervals_of(const Interval& range, const ScheduleTimes& times, size_t most) {
  std::vector<Interval> intervals;
  Timestamp begin = range.begin;
  while (begin < range.end) {
    if (intervals.size() == most) too_many(most);
    const Timestamp end = std::min(times.next_after(begin).value_or(range.end), range.end);
    intervals.push_back({begin, end});
    begin = end;
  }
  return intervals;
}

}  // namespace sluice
