#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every fixed limit of the process, in one place. Units are in the name or the comment; what a
/// flag can change is only the default here.
namespace sluice::limits {

// HTTP in.
inline constexpr size_t kRequestHeadBytes = 16 * 1024;
inline constexpr size_t kBodyBytes = 1024 * 1024;
inline constexpr std::chrono::seconds kRequestHeadDeadline{10};
inline constexpr std::chrono::seconds kBodyDeadline{30};
inline constexpr std::chrono::seconds kIdleConnection{60};
inline constexpr size_t kConnections = 4096;

// Names and SQL.
inline constexpr size_t kNameBytes = 128;
inline constexpr size_t kSqlBytes = 128 * 1024;
inline constexpr size_t kNodesPerPipe = 100;
inline constexpr size_t kPipeDepth = 32;
inline constexpr size_t kAttachedFiles = 9;
inline constexpr size_t kDescriptionBytes = 16 * 1024;
/// One TEXT or BLOB value inside a query (SQLITE_LIMIT_LENGTH).
inline constexpr int kValueBytes = 64 * 1024 * 1024;
/// What the aggregates of one statement that are ours (uniq, groupArray...) hold together.
inline constexpr size_t kAggregateBytes = 64ULL * 1024 * 1024;
/// Bytes of text times instructions of a regular expression: some seconds at the very worst.
inline constexpr uint64_t kPatternWork = 1ULL << 28U;

// Data sources.
/// SQLite's own limit is 2,000 columns.
inline constexpr size_t kColumns = 1000;
/// What is kept of a row that a data source does not take.
inline constexpr size_t kQuarantinedBytes = 16 * 1024;
inline constexpr size_t kEnumValues = 10000;
/// Objects and arrays inside of each other, in rows of JSON and in paths into them.
inline constexpr size_t kJsonDepth = 128;
/// A row of CSV or NDJSON: the longest one is held in memory.
inline constexpr size_t kRowBytes = 10 * 1024 * 1024;
/// What the columns take of one row of JSON, all together: several may want the same value.
inline constexpr size_t kTakenBytes = 4 * kRowBytes;
/// Columns at fault that are told of one row.
inline constexpr size_t kFaultsPerRow = 50;
/// What a compressed file may swell to: so many bytes in any case, else so many times its own size
/// (gzip reaches some 1,030), and never more than the last.
inline constexpr uint64_t kUnpackedAlways = 64ULL * 1024 * 1024;
inline constexpr uint64_t kUnpackedTimes = 500;
inline constexpr uint64_t kUnpackedBytes = 64ULL * 1024 * 1024 * 1024;
/// The window of zstd that is held in memory: 32 MiB. Only its level 22 and `--long` go beyond.
inline constexpr int kZstdWindowLog = 25;

// Queries that a caller waits for.
inline constexpr std::chrono::seconds kQueryTime{10};  ///< --query-timeout
/// At the same time; fewer than the door has workers, so that other calls still come through.
inline constexpr size_t kQueriesAtOnce = 12;
/// How long a further one waits for its place.
inline constexpr std::chrono::milliseconds kQueryPatience{250};
/// What one of them may hold while it runs; what it sorts goes to the disk.
inline constexpr size_t kQueryBytes = 48 * 1024 * 1024;
inline constexpr size_t kAnswerBytes = 16 * 1024 * 1024;
/// Sessions of the engine that are kept for the next query.
inline constexpr size_t kRestingSessions = 8;

// Tokens.
inline constexpr size_t kTokens = 10000;
inline constexpr size_t kScopesPerToken = 1000;

// An export.
inline constexpr size_t kBatchRows = 1000;
inline constexpr size_t kBatchBytes = 1024 * 1024;
/// Files that one job may write (--max-files).
inline constexpr size_t kFilesPerJob = 100000;
/// Encoded text that is compressed as one piece (a gzip member, a zstd frame).
inline constexpr size_t kBlockBytes = 1024 * 1024;
/// A Parquet row group ends at so many rows or bytes of values, whichever comes first.
inline constexpr uint64_t kRowGroupRows = 122880;
inline constexpr size_t kRowGroupBytes = 24 * 1024 * 1024;
/// Anonymous memory of the process (--memory-limit).
inline constexpr uint64_t kMemoryBytes = 256ULL * 1024 * 1024;
/// S3: "object key names" may be up to 1,024 bytes of UTF-8.
inline constexpr size_t kKeyBytes = 1024;
inline constexpr std::chrono::seconds kJobRunTime{3600};

// Object stores (S3: parts of 5 MiB to 5 GiB, at most 10,000 of them).
inline constexpr uint64_t kPartBytes = 8ULL * 1024 * 1024;
/// Parts double every so many, so that 10,000 of them hold the largest object (5 TiB).
inline constexpr int kPartsPerSize = 1000;
inline constexpr int kParts = 10000;

// HTTP out.
inline constexpr std::chrono::seconds kConnectTimeout{10};
/// A transfer that moves less than one byte a second for this long is given up.
inline constexpr std::chrono::seconds kStalledTransfer{20};
inline constexpr size_t kResponseBytes = 16 * 1024 * 1024;
inline constexpr int kStoreAttempts = 5;
inline constexpr std::chrono::seconds kStoreRetryBudget{60};

// Jobs.
inline constexpr size_t kQueuedJobs = 10000;
inline constexpr size_t kSinks = 10000;
inline constexpr int kJobAttempts = 3;
inline constexpr size_t kBackfillIntervals = 10000;
inline constexpr int kBackfillConcurrency = 64;
/// Jobs whose end calls wait for (?wait=) at the same time, and for how long at most.
inline constexpr int kWaitingCalls = 8;
inline constexpr std::chrono::seconds kLongestWait{60};
/// Calls that follow a job's events at the same time.
inline constexpr size_t kEventStreams = 500;
inline constexpr size_t kWebhooks = 1000;
inline constexpr int kJobsPage = 100;
inline constexpr int kJobsPageMost = 1000;

// The state database.
inline constexpr std::chrono::milliseconds kBusyTimeout{5000};

}  // namespace sluice::limits
