#include "engine/clickhouse_reader.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "engine/clickhouse_error.h"
#include "engine/native_column.h"

namespace sluice {
namespace {

/// Of an answer that breaks, what is looked through for the reason.
constexpr size_t kTailBytes = 64 * 1024;
/// Columns and names are checked before anything is allocated for them.
constexpr uint64_t kMostRows = uint64_t{1} << 32U;

/// What the server has to read for the query, by the last of its headers of progress. About the
/// rows that will come, where the query neither filters nor aggregates.
std::optional<uint64_t> rows_to_read(const HttpResponse& head) {
  std::optional<uint64_t> rows;
  for (const HttpHeader& header : head.headers) {
    if (ascii_lower(header.name) != "x-clickhouse-progress") continue;
    const auto progress = nlohmann::json::parse(header.value, nullptr, false);
    if (!progress.is_object() || !progress.contains("total_rows_to_read")) continue;
    const auto& text = progress["total_rows_to_read"];
    if (!text.is_string()) continue;
    const uint64_t total = std::strtoull(text.get_ref<const std::string&>().c_str(), nullptr, 10);
    if (total > 0) rows = total;
  }
  return rows;
}

/// Sends the query. A caller who gives up before the first byte must not leave it at work.
std::unique_ptr<HttpStream> begin(ClickhouseClient& client, const ClickhouseRequest& request) {
  try {
    return client.send(request);
  } catch (const Error& error) {
    const bool may_run = error.code() == ErrorCode::kCancelled ||
                         error.code() == ErrorCode::kTimeout ||
                         error.code() == ErrorCode::kUnavailable;
    if (may_run) client.kill(request.query_id);
    throw;
  }
}

class ClickhouseReader final : public RowReader {
 public:
  ClickhouseReader(ClickhouseClient& client, ClickhouseRun run)
      : client_(client),
        run_(std::move(run)),
        doing_("The query on the cluster '" + client.name() + "' failed"),
        answer_(begin(client_, run_.request)),
        input_([this](std::string& out) { return answer_->read(out); }, run_.block_bytes) {}

  ~ClickhouseReader() override {
    answer_.reset();
    if (!ended_) client_.kill(run_.request.query_id);
  }
  ClickhouseReader(const ClickhouseReader&) = delete;
  ClickhouseReader& operator=(const ClickhouseReader&) = delete;

  const std::vector<ColumnInfo>& columns() const override { return run_.columns; }

  bool next(Batch& batch) override {
    batch.reset(run_.columns.size());
    batch.set_place(rows_ + 1, " of the result");
    while (batch.rows() < limits::kBatchRows && batch.bytes() < limits::kBatchBytes) {
      if (left_ == 0 && !next_block()) break;
      const size_t count = std::min(left_, rows_that_fit(batch));
      batch.reserve_rows(count);
      for (size_t i = 0; i < columns_.size(); ++i) columns_[i]->fill(input_, batch, i, count);
      batch.add_rows(count);
      left_ -= count;
    }
    rows_ += batch.rows();
    return batch.rows() > 0;
  }

  std::optional<uint64_t> expected_rows() const override { return rows_to_read(answer_->head()); }

 private:
  size_t rows_that_fit(const Batch& batch) const {
    const size_t room = limits::kBatchBytes - batch.bytes();
    const size_t by_bytes = std::max<size_t>(1, room / std::max<size_t>(1, row_bytes_));
    return std::min(limits::kBatchRows - batch.rows(), by_bytes);
  }

  /// False at the end. Whatever goes wrong, the server may have said why.
  bool next_block() {
    try {
      return load_block();
    } catch (const Error& error) {
      throw cause_of(error);
    }
  }

  bool load_block() {
    input_.forget();
    while (left_ == 0) {
      if (input_.at_end()) {
        ended_ = true;
        return false;
      }
      check_no_exception();
      load_rows();
    }
    return true;
  }

  /// Between two blocks an exception may stand, and then nothing more comes.
  void check_no_exception() {
    if (!may_be_exception(input_.unread().front())) return;
    input_.read_rest(kExceptionLead);
    if (!read_exception(input_.unread())) return;
    input_.read_rest(kTailBytes);
    throw failure(*read_exception(input_.unread()));
  }

  void load_rows() {
    const uint64_t columns = input_.take_varint();
    const uint64_t rows = input_.take_varint();
    // A block without columns says nothing.
    if (columns == 0 && rows == 0) return;
    if (columns != run_.columns.size() || rows > kMostRows) throw broken();
    const size_t begin = input_.take(0);
    for (size_t i = 0; i < columns; ++i) load_column(i, rows);
    if (rows > 0) row_bytes_ = (input_.take(0) - begin) / rows;
    left_ = rows;
  }

  void load_column(size_t index, uint64_t rows) {
    if (input_.take_string() != run_.columns[index].name) throw broken();
    std::string type = input_.take_string();
    if (index == columns_.size()) {
      columns_.push_back(make_native_column(parse_clickhouse_type(type)));
      types_.push_back(std::move(type));
    } else if (types_[index] != type) {
      throw broken();
    }
    if (rows == 0) return;
    columns_[index]->load_prefix(input_);
    columns_[index]->load(input_, rows);
  }

  static Error broken() {
    return {ErrorCode::kCorrupt, "The cluster's answer is no block of the query's columns."};
  }

  Error failure(const ClickhouseException& exception) {
    ended_ = true;
    return clickhouse_error(exception, doing_);
  }

  Error cause_of(const Error& error) {
    if (ended_ || error.code() == ErrorCode::kCancelled) return error;
    read_tail();
    const auto exception = find_exception(input_.held());
    return exception ? failure(*exception) : error.within(doing_);
  }

  /// As far as it comes.
  void read_tail() {
    try {
      input_.read_rest(kTailBytes);
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): it is about the first error.
    }
  }

  ClickhouseClient& client_;
  ClickhouseRun run_;
  std::string doing_;
  std::unique_ptr<HttpStream> answer_;
  NativeInput input_;
  std::vector<std::unique_ptr<NativeColumn>> columns_;
  std::vector<std::string> types_;
  size_t left_ = 0;  ///< Rows of the block that were not handed out.
  size_t row_bytes_ = 1;
  uint64_t rows_ = 0;
  bool ended_ = false;  ///< The query is over on the cluster.
};

}  // namespace

std::unique_ptr<RowReader> make_clickhouse_reader(ClickhouseClient& client, ClickhouseRun run) {
  return std::make_unique<ClickhouseReader>(client, std::move(run));
}

}  // namespace sluice
