#include "query/query_service.h"

#include <algorithm>
#include <memory>

#include "base/error.h"
#include "format/codec.h"
#include "query/answer_writer.h"

namespace sluice {
namespace {

/// Below it compressing costs more than it saves.
constexpr size_t kWorthCompressing = 1400;

void check_size(size_t bytes, size_t most) {
  if (bytes <= most) return;
  const std::string limit = most >= 1024 * 1024 ? std::to_string(most / (1024 * 1024)) + " MiB"
                                                : std::to_string(most) + " bytes";
  throw Error(ErrorCode::kTooLarge, "The answer would be larger than " + limit + ".",
              "Ask for fewer rows or columns (LIMIT), or let a sink write them to files: "
              "POST /v0/pipes/{pipe}/nodes/{node}/sink.");
}

double seconds_of(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

QueryAnswer QueryService::answer(const QueryCall& call, const std::stop_token& stop) {
  QueryPlaces::Place place = places_.take(stop);
  const std::chrono::nanoseconds begun = clock_.ticks();
  AnswerFigures figures;
  std::unique_ptr<AnswerWriter> writer;
  {
    const auto reader = engine_.ask(
        call.query, {limits_.run_time, limits_.answer_bytes, limits_.query_bytes}, stop);
    writer = make_answer_writer(call.format, reader->columns(), call.integers_as_text);
    Batch batch;
    while (reader->next(batch)) {
      figures.rows += batch.rows();
      figures.bytes_read += batch.bytes();
      writer->add(batch);
      check_size(writer->bytes(), limits_.answer_bytes);
      place.hold(writer->bytes());
    }
    figures.rows_read = std::max(figures.rows, reader->scanned_rows());
  }
  figures.elapsed = seconds_of(clock_.ticks() - begun);
  QueryAnswer answer{writer->finish(figures), call.format, false};
  writer.reset();
  // Parquet is compressed inside.
  if (call.gzip && call.format != AnswerFormat::kParquet &&
      answer.body.size() >= kWorthCompressing) {
    std::string compressed;
    make_block_codec(Compression::kGzip, CompressionLevel())->compress(answer.body, compressed);
    answer.body = std::move(compressed);
    answer.gzipped = true;
  }
  return answer;
}

}  // namespace sluice
