#include "domain/file_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

TEST(FileOptions, EveryOneIsReadAndToldAgain) {
  const std::map<std::string, std::string> all = {
      {"csv_delimiter", ";"},      {"csv_header", "false"},
      {"csv_null", "NULL"},        {"csv_escape_formulas", "true"},
      {"csv_line_end", "crlf"},    {"big_integers", "string"},
      {"type_mismatch", "null"},   {"compression_level", "small"},
      {"gzip_members", "one"},     {"max_file_size", "1000000"},
      {"max_rows_per_file", "10"}, {"partition_columns", "drop"},
      {"manifest", "true"},        {"success_file", "true"},
      {"execution", "cluster"}};
  EXPECT_EQ(all.size(), file_option_names().size());
  FileOptions options;
  for (const auto& [name, text] : all) set_file_option(options, name, text);
  EXPECT_EQ(changed_file_options(options), all);
  EXPECT_TRUE(changed_file_options({}).empty());
}

TEST(FileOptions, WhatCanNotBeIsTold) {
  FileOptions options;
  for (const auto& [name, text] :
       std::vector<std::pair<std::string, std::string>>{{"csv_delimiter", "ab"},
                                                        {"csv_delimiter", "\""},
                                                        {"csv_delimiter", ""},
                                                        {"csv_header", "maybe"},
                                                        {"csv_null", "0"},
                                                        {"csv_null", "a\"b"},
                                                        {"csv_line_end", "cr"},
                                                        {"big_integers", "text"},
                                                        {"type_mismatch", "ignore"},
                                                        {"compression_level", "x"},
                                                        {"gzip_members", "two"},
                                                        {"max_file_size", "1"},
                                                        {"max_file_size", "-1"},
                                                        {"max_rows_per_file", "ten"},
                                                        {"partition_columns", "hide"},
                                                        {"manifest", "2"},
                                                        {"no_such_option", "1"}}) {
    const Error error = caught([&] { set_file_option(options, name, text); });
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    EXPECT_THAT(error.what(), testing::HasSubstr(name == "compression_level" ? "level" : name));
  }
  EXPECT_EQ(options, FileOptions());
}

TEST(FileOptions, TabHasAName) {
  FileOptions options;
  set_file_option(options, "csv_delimiter", "tab");
  EXPECT_EQ(options.csv_delimiter, '\t');
  set_file_option(options, "csv_delimiter", "\\t");
  EXPECT_EQ(options.csv_delimiter, '\t');
}

TEST(FileOptions, WhatDoesNotGoTogether) {
  EXPECT_ERROR(check_file_options(Format::kParquet, Compression::kXz, {}), kInvalid);
  EXPECT_ERROR(check_file_options(Format::kCsv, Compression::kSnappy, {}), kInvalid);
  FileOptions options;
  set_file_option(options, "compression_level", "22");
  EXPECT_ERROR(check_file_options(Format::kCsv, Compression::kZstd, options), kInvalid);
  EXPECT_ERROR(check_file_options(Format::kCsv, Compression::kNone, options), kInvalid);
  options = {};
  options.csv_null = "a,b";
  EXPECT_ERROR(check_file_options(Format::kCsv, Compression::kNone, options), kInvalid);
  const Error error = caught([] { check_file_options(Format::kParquet, Compression::kBzip2, {}); });
  EXPECT_THAT(error.hint(), testing::HasSubstr("none, gz, zst, br, lz4, snappy"));
}

}  // namespace
}  // namespace sluice
