#include <array>
#include <cmath>

#include "engine/sql_functions.h"
#include "engine/sql_values.h"

namespace sluice {
namespace {

void choose(const SqlCall& call) { call.give_argument(call.is_true(0) ? 1 : 2); }

/// Conditions and values by turns, and at last what else.
void multi_if(const SqlCall& call) {
  if (call.size() % 2 == 0) {
    throw call.failed("it takes pairs of a condition and a value, and a value for what is left");
  }
  size_t i = 0;
  while (i + 1 < call.size() && !call.is_true(i)) i += 2;
  call.give_argument(i + 1 < call.size() ? i + 1 : i);
}

void is_not_null(const SqlCall& call) { call.give_truth(!call.is_null(0)); }
void same(const SqlCall& call) { call.give_argument(0); }

/// The one that is the furthest in SQLite's order; NULLs are passed over.
template <int kSign>
void furthest(const SqlCall& call) {
  size_t best = call.size();
  for (size_t i = 0; i < call.size(); ++i) {
    if (call.is_null(i)) continue;
    const bool first = best == call.size();
    if (first || compare_values(call.value(i), call.value(best)) * kSign > 0) best = i;
  }
  best == call.size() ? call.give_null() : call.give_argument(best);
}

bool both_whole(const SqlCall& call) {
  return call.type(0) != SQLITE_FLOAT && call.type(1) != SQLITE_FLOAT;
}

/// Real numbers lose their fraction first.
void int_div(const SqlCall& call) {
  const int64_t divisor = call.integer(1);
  if (divisor == 0) throw call.failed("division by zero; there is intDivOrZero");
  const int64_t dividend = call.integer(0);
  if (dividend == INT64_MIN && divisor == -1) throw call.failed("the result has more than 64 bits");
  call.give(dividend / divisor);
}

void int_div_or_zero(const SqlCall& call) {
  if (call.integer(1) == 0 || (call.integer(0) == INT64_MIN && call.integer(1) == -1)) {
    return call.give(int64_t{0});
  }
  int_div(call);
}

/// The sign is the dividend's.
void modulo(const SqlCall& call) {
  if (!both_whole(call)) return call.give(std::fmod(call.real(0), call.real(1)));
  const int64_t divisor = call.integer(1);
  if (divisor == 0) throw call.failed("division by zero; there is moduloOrZero");
  call.give(divisor == -1 ? 0 : call.integer(0) % divisor);
}

void modulo_or_zero(const SqlCall& call) {
  if (both_whole(call) && call.integer(1) == 0) return call.give(int64_t{0});
  modulo(call);
}

void positive_modulo(const SqlCall& call) {
  if (!both_whole(call)) {
    const double rest = std::fmod(call.real(0), call.real(1));
    return call.give(rest < 0 ? rest + std::abs(call.real(1)) : rest);
  }
  const int64_t divisor = call.integer(1);
  if (divisor == 0) throw call.failed("division by zero");
  const int64_t rest = divisor == -1 ? 0 : call.integer(0) % divisor;
  // Also where the divisor is the smallest integer, which has no positive twin.
  call.give(rest >= 0 ? rest : divisor > 0 ? rest + divisor : rest - divisor);
}

/// Always real, as ClickHouse's `/`; SQLite's own divides integers without rest.
void divide(const SqlCall& call) { call.give(call.real(0) / call.real(1)); }

void bit_and(const SqlCall& call) { call.give(call.integer(0) & call.integer(1)); }
void bit_or(const SqlCall& call) { call.give(call.integer(0) | call.integer(1)); }
void bit_xor(const SqlCall& call) { call.give(call.integer(0) ^ call.integer(1)); }
void bit_test(const SqlCall& call) {
  call.give((call.integer(0) >> call.integer(1, 0, 63)) & int64_t{1});
}

/// Half goes to the even neighbour.
void round_bankers(const SqlCall& call) {
  const int64_t digits = call.size() > 1 ? call.integer(1, -18, 18) : 0;
  const double scale = std::pow(10.0, static_cast<double>(std::abs(digits)));
  const double number = call.real(0);
  call.give(digits >= 0 ? std::nearbyint(number * scale) / scale
                        : std::nearbyint(number / scale) * scale);
}

Random& random_of(const SqlCall& call) {
  if (call.world().random() == nullptr) throw call.failed("this engine was given no randomness");
  return *call.world().random();
}

void generate_uuid(const SqlCall& call) { call.give_text(random_of(call).uuid()); }

/// 0 to 2^32 - 1.
void rand32(const SqlCall& call) {
  call.give(static_cast<int64_t>(random_of(call).below(uint64_t{1} << 32U)));
}

/// 0 up to 1, which is not in it.
void rand_canonical(const SqlCall& call) {
  constexpr uint64_t kSteps = uint64_t{1} << 53U;
  call.give(static_cast<double>(random_of(call).below(kSteps)) / static_cast<double>(kSteps));
}

constexpr auto kTable = std::to_array<SqlFunction>({
    {"if(condition, then, else)", 3, 3, choose, kTakesNull},
    {"multiIf(condition, then[, condition, then...], else)", 3, kAnyNumber, multi_if, kTakesNull},
    {"isNotNull(value)", 1, 1, is_not_null, kTakesNull},
    {"assumeNotNull(value)", 1, 1, same, kTakesNull},
    {"toNullable(value)", 1, 1, same, kTakesNull},
    {"materialize(value)", 1, 1, same, kTakesNull},
    {"greatest(value[, value...])", 1, kAnyNumber, furthest<1>, kTakesNull},
    {"least(value[, value...])", 1, kAnyNumber, furthest<-1>, kTakesNull},
    {"intDiv(dividend, divisor)", 2, 2, int_div},
    {"intDivOrZero(dividend, divisor)", 2, 2, int_div_or_zero},
    {"modulo(dividend, divisor)", 2, 2, modulo},
    {"moduloOrZero(dividend, divisor)", 2, 2, modulo_or_zero},
    {"positiveModulo(dividend, divisor)", 2, 2, positive_modulo},
    {"divide(dividend, divisor)", 2, 2, divide},
    {"bitAnd(number, number)", 2, 2, bit_and},
    {"bitOr(number, number)", 2, 2, bit_or},
    {"bitXor(number, number)", 2, 2, bit_xor},
    {"bitTest(number, place)", 2, 2, bit_test},
    {"roundBankers(number[, digits])", 1, 2, round_bankers},
    {"generateUUIDv4()", 0, 1, generate_uuid, kVaries | kTakesNull},
    {"rand([tag])", 0, 1, rand32, kVaries | kTakesNull},
    {"randCanonical([tag])", 0, 1, rand_canonical, kVaries | kTakesNull},
});

}  // namespace

std::span<const SqlFunction> logic_functions() { return kTable; }

}  // namespace sluice
