#include "engine/clickhouse_s3.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

ClusterTarget target() {
  ClusterTarget out;
  out.folder_url = "http://store/bucket/out/it's/";
  out.access_key_id = "AK";
  out.secret_access_key = Secret("S\\K");
  out.extension = ".csv.gz";
  out.compression = Compression::kGzip;
  return out;
}

const std::vector<ColumnInfo> kColumns = {{"day", "Date"}, {"a`b", "Nullable(Decimal(9, 2))"}};

TEST(ClickhouseS3Test, OneFileWithoutKeys) {
  EXPECT_EQ(insert_into_s3("SELECT 1", kColumns, target()),
            "INSERT INTO FUNCTION s3('http://store/bucket/out/it\\'s/all.csv.gz', 'AK', 'S\\\\K', "
            "'CSVWithNames', '`day` Date, `a\\\\`b` Nullable(Decimal(9, 2))', 'gzip') "
            "SELECT * FROM (\nSELECT 1\n)");
}

TEST(ClickhouseS3Test, FilesAreToldApartByAHashOfTheKeys) {
  ClusterTarget out = target();
  out.keys = {{"day", DateFormat::parse("%Y-%m %%")}, {"a`b", std::nullopt}};
  const std::string sql = insert_into_s3("SELECT 1", kColumns, out);
  EXPECT_THAT(sql, HasSubstr("/{_partition_id}.csv.gz'"));
  EXPECT_THAT(sql, HasSubstr("PARTITION BY lower(hex(sipHash128(isNull(`day`), "
                             "ifNull(formatDateTime(toDateTime64(`day`, 0, 'UTC'), '%Y-%m %%', "
                             "'UTC'), ''), isNull(`a\\`b`), assumeNotNull(`a\\`b`)))) SELECT"));
  out.keys.clear();
  out.spread = 8;
  EXPECT_THAT(insert_into_s3("SELECT 1", kColumns, out),
              HasSubstr("PARTITION BY concat('all', '-', toString(rand() % 8))"));
}

TEST(ClickhouseS3Test, ReadingBackCountsEachFile) {
  ClusterTarget out = target();
  out.keys = {{"day", std::nullopt}};
  const std::string sql = read_back_from_s3(kColumns, out);
  EXPECT_THAT(sql,
              testing::StartsWith("SELECT toString(_file) AS file, toInt64(count()) AS row_count, "
                                  "any(`day`) AS key_1 FROM s3("));
  EXPECT_THAT(sql, HasSubstr("/*.csv.gz'"));
  EXPECT_THAT(sql, testing::EndsWith("GROUP BY file ORDER BY file"));
}

TEST(ClickhouseS3Test, OptionsAreSettings) {
  ClusterTarget out = target();
  out.options.csv_delimiter = ';';
  out.options.csv_crlf = true;
  EXPECT_THAT(s3_settings(out), Contains(Pair("format_csv_delimiter", ";")));
  EXPECT_THAT(s3_settings(out), Contains(Pair("output_format_csv_crlf_end_of_line", "1")));
  out.format = Format::kParquet;
  out.compression = Compression::kBrotli;
  EXPECT_THAT(s3_settings(out),
              Contains(Pair("output_format_parquet_compression_method", "brotli")));
  EXPECT_THAT(insert_into_s3("SELECT 1", kColumns, out), HasSubstr("'Parquet'"));
  EXPECT_THAT(insert_into_s3("SELECT 1", kColumns, out), Not(HasSubstr("'br'")));
  out.session_token = Secret("token");
  EXPECT_THAT(insert_into_s3("SELECT 1", kColumns, out), HasSubstr("'S\\\\K', 'token', 'Parquet'"));
}

}  // namespace
}  // namespace sluice
