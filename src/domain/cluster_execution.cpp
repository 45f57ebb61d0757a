#include "domain/cluster_execution.h"

#include <array>
#include <string_view>

#include "base/error.h"
#include "domain/file_options.h"

namespace sluice {
namespace {

constexpr std::string_view kOption = "execution";
/// What ClickHouse's s3() and its settings can do, too.
constexpr std::array<std::string_view, 7> kPossible = {
    kOption, "csv_delimiter", "csv_header", "csv_null", "csv_line_end", "manifest", "success_file"};

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::kInvalid, "With execution=cluster " + what + ".",
              "Leave it out, or have Sluice write the files: execution=sluice.");
}

}  // namespace

void check_cluster_execution(const SinkSettings& settings, const std::string& engine) {
  if (!settings.options.on_cluster) return;
  if (engine.empty()) {
    throw Error(ErrorCode::kInvalid, "The node runs on no cluster, which execution=cluster needs.",
                "Put it on one with engine=NAME, or leave execution out.");
  }
  for (const auto& [name, value] : changed_file_options(settings.options)) {
    bool possible = false;
    for (const std::string_view each : kPossible) possible |= name == each;
    if (!possible) refuse("the option " + name + " is not possible");
  }
  if (settings.empty_result == EmptyResult::kWrite) refuse("empty_result=write is not possible");
  if (settings.compression == Compression::kSnappy && settings.format != Format::kParquet) {
    refuse("snappy is for Parquet only");
  }
}

}  // namespace sluice
