#include "api/pipe_text.h"

#include <algorithm>
#include <string_view>

#include "base/encoding.h"
#include "domain/file_options.h"

namespace sluice {
namespace {

/// A block of lines, indented, as DESCRIPTION and SQL have them.
std::string block(std::string_view keyword, std::string_view text) {
  std::string out = std::string(keyword) + " >\n";
  while (true) {
    const size_t end = text.find('\n');
    out += "    " + std::string(text.substr(0, end)) + "\n";
    if (end == std::string_view::npos) return out + "\n";
    text.remove_prefix(end + 1);
  }
}

std::string line(std::string_view keyword, std::string_view value) {
  return std::string(keyword) + " " + std::string(value) + "\n";
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

std::string sink_lines(const Sink& sink, const Connection& connection) {
  const SinkSettings& settings = sink.settings;
  std::string out = line("EXPORT_SERVICE", service_name(connection.service));
  out += line("EXPORT_CONNECTION_NAME", connection.name);
  out += line("EXPORT_BUCKET_URI", settings.path);
  out += line("EXPORT_FILE_TEMPLATE", settings.file_template);
  out += line("EXPORT_SCHEDULE", sink.schedule ? sink.schedule->cron : "@on-demand");
  out += line("EXPORT_FORMAT", format_name(settings.format));
  if (settings.compression != Compression::kNone) {
    out += line("EXPORT_COMPRESSION", compression_name(settings.compression));
  }
  out += line("EXPORT_WRITE_STRATEGY", write_strategy_name(settings.write_strategy));
  if (settings.empty_result != EmptyResult::kSkip) {
    out += line("# empty_result", empty_result_name(settings.empty_result));
  }
  for (const auto& [name, value] : changed_file_options(settings.options)) {
    out += line("# " + name, value);
  }
  return out;
}

}  // namespace

std::string pipe_text(const Pipe& pipe, const std::optional<Connection>& connection) {
  std::string out;
  if (pipe.description && !pipe.description->empty()) {
    out += block("DESCRIPTION", *pipe.description);
  }
  for (const Node& node : pipe.nodes) {
    out += line("NODE", node.name);
    if (node.description && !node.description->empty()) {
      out += block("DESCRIPTION", *node.description);
    }
    if (!node.engine.empty()) out += line("# engine", node.engine);
    out += block("SQL", trim(node.sql));
    if (pipe.sink && pipe.sink->node_id == node.id && connection) {
      out += line("TYPE", "sink") + sink_lines(*pipe.sink, *connection) + "\n";
    } else if (node.type != NodeType::kStandard) {
      out += line("TYPE", node_type_name(node.type)) + "\n";
    }
  }
  return out;
}

std::string connection_text(const Connection& connection) {
  std::string out = line("TYPE", service_name(connection.service));
  for (const auto& [name, value] : connection.settings) {
    if (!value.empty()) out += line(upper(name), "\"" + value + "\"");
  }
  return out;
}

}  // namespace sluice
