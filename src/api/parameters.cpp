#include "api/parameters.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

using nlohmann::json;

std::string in_quotes(std::string_view text) {
  return "'" + std::string(text.substr(0, 200)) + "'";
}

[[noreturn]] void invalid(std::string message, std::string hint) {
  throw Error(ErrorCode::kInvalid, std::move(message), std::move(hint));
}

void check_utf8(const std::string& text, const std::string& where) {
  if (!is_utf8(text)) invalid(where + " is not UTF-8.", "Encode the text as UTF-8.");
}

using Place = std::map<std::string, std::vector<std::string>>;

/// What clients say about themselves.
bool is_client_noise(const std::string& name) {
  return name == "cli_version" || name == "from" || name == "debug" || name.starts_with("__tb__");
}

/// What clients give as often as they need.
const std::string kRepeatable = "scope";

void put(Place& place, const std::string& name, std::string value, const std::string& where) {
  check_utf8(name, "A parameter name in the " + where);
  check_utf8(value, "The parameter " + in_quotes(name) + " in the " + where);
  std::vector<std::string>& values = place[name];
  values.push_back(std::move(value));
  // The stock command line client adds its version to a query that has it already.
  if (values.size() > 1 && name != kRepeatable && !is_client_noise(name)) {
    invalid("The parameter " + in_quotes(name) + " stands twice in the " + where + ".",
            "Give it once.");
  }
}

void read_pairs(std::string_view text, Place& place, const std::string& where) {
  while (!text.empty()) {
    const size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    const std::string name = percent_decode(pair.substr(0, equals), true);
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    put(place, name, percent_decode(value, true), where);
  }
}

std::string text_of(const json& value, const std::string& name) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  invalid("The parameter " + in_quotes(name) + " is a list or an object.", "Give it as text.");
}

bool begins_with_field(std::string_view body, const std::set<std::string>& fields) {
  for (const std::string& field : fields) {
    if (body.starts_with(field + "=")) return true;
  }
  return false;
}

/// Whether it begins `name=`, as no statement does: clients send a form's fields in any order.
bool begins_as_form(std::string_view body) {
  const size_t equals = body.find('=');
  return equals != 0 && equals != std::string_view::npos &&
         std::all_of(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(equals), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

bool flag_of(const std::string& name, const std::string& text) {
  const std::string value = ascii_lower(text);
  if (value == "true" || value == "1" || value == "yes") return true;
  if (value == "false" || value == "0" || value == "no" || value.empty()) return false;
  invalid("The parameter '" + name + "' is " + in_quotes(value) + ".", "Use true or false.");
}

}  // namespace

std::string percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] == '%') {
      const std::optional<std::string> byte = hex_decode(text.substr(i + 1, 2));
      if (!byte || byte->size() != 1) {
        // Not the whole text: it may be a secret's.
        invalid("The " + std::to_string(i + 1) + "th character begins " +
                    in_quotes(text.substr(i, 3)) + ", a '%' that no two hex digits follow.",
                "Write a percent sign as %25.");
      }
      out += *byte;
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

void Parameters::read_form(std::string_view form) {
  body_is_form_ = true;
  read_pairs(form, form_, "form");
}

void Parameters::read_parts(const DoorRequest& request, bool data) {
  body_is_form_ = true;
  for (const FormPart& part : request.parts) {
    const bool rows =
        !part.filename.empty() || (part.range && part.range->size() > 0 && part.content.empty());
    if (!data || !rows) put(form_, part.name, part.content, "form");
  }
}

void Parameters::read_json(const std::string& body) {
  check_utf8(body, "The body");
  std::set<std::string> seen;
  const json::parser_callback_t once = [&](int depth, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::key && depth == 1 &&
        !seen.insert(value.get<std::string>()).second) {
      invalid("The key " + in_quotes(value.get<std::string>()) + " stands twice in the JSON body.",
              "Give it once.");
    }
    if (depth > 64) invalid("The JSON body is nested too deeply.", "Send a flat object.");
    return true;
  };
  try {
    json_ = json::parse(body, once);
  } catch (const json::exception& failure) {
    // Without what was read last: it may be a part of a secret.
    std::string said = failure.what();
    said = said.substr(said.find("] ") + 2);
    invalid("The body is not valid JSON: " + said.substr(0, said.find("; last read")) + ".",
            "Send one JSON object, or form fields without a JSON content type.");
  }
  if (!json_.is_object()) invalid("The JSON body is not an object.", "Send {\"name\": ...}.");
}

Parameters Parameters::of_query(const DoorRequest& request) {
  Parameters parameters;
  read_pairs(request.query, parameters.query_, "query string");
  return parameters;
}

void Parameters::add_body(const DoorRequest& request, const std::set<std::string>& raw_fields,
                          bool data) {
  const std::string type = ascii_lower(request.header("Content-Type"));
  if (type.starts_with("multipart/form-data")) {
    read_parts(request, data);
  } else if (request.body.empty()) {
    return;
  } else if (data) {
    if (begins_with_field(request.body, raw_fields)) read_form(request.body);
  } else if (type.starts_with("application/json") || trim(request.body).starts_with('{')) {
    read_json(request.body);
  } else if (!raw_fields.empty() && !begins_as_form(request.body)) {
    check_utf8(request.body, "The body");
    body_ = request.body;
  } else {
    read_form(request.body);
  }
}

std::vector<std::string> Parameters::given(const std::string& name) const {
  std::vector<std::string> values;
  if (auto found = json_.find(name); found != json_.end() && !found->is_null()) {
    values.push_back(text_of(*found, name));
  }
  for (const Place* place : {&form_, &query_}) {
    auto found = place->find(name);
    if (found == place->end()) continue;
    if (found->second.size() > 1) {
      invalid("The parameter " + in_quotes(name) + " stands twice.", "Give it once.");
    }
    values.push_back(found->second.front());
  }
  return values;
}

std::optional<std::string> Parameters::text(const std::string& name) const {
  // Also where the query string wins, what the body has must make sense.
  std::vector<std::string> values = given(name);
  if (values.empty()) return std::nullopt;
  return std::move(values.back());
}

void Parameters::check_number(const std::string& name) const {
  for (const std::string& value : given(name)) {
    if (std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; })) {
      continue;
    }
    invalid("The parameter '" + name + "' is " + in_quotes(value) + ".",
            "Use a whole number from 0 on.");
  }
}

void Parameters::check_flag(const std::string& name) const {
  for (const std::string& value : given(name)) flag_of(name, value);
}

std::vector<std::string> Parameters::texts(const std::string& name) const {
  for (const Place* place : {&query_, &form_}) {
    if (auto found = place->find(name); found != place->end()) return found->second;
  }
  auto found = json_.find(name);
  if (found == json_.end() || found->is_null()) return {};
  if (!found->is_array()) return {text_of(*found, name)};
  std::vector<std::string> all;
  for (const json& item : *found) {
    all.push_back(item.is_object() ? item.dump() : text_of(item, name));
  }
  return all;
}

std::string Parameters::required(const std::string& name, const std::string& why) const {
  std::optional<std::string> value = text(name);
  if (!value || trim(*value).empty()) {
    invalid("The parameter '" + name + "' is missing.", why);
  }
  return *value;
}

bool Parameters::flag(const std::string& name) const {
  return flag_of(name, text(name).value_or("false"));
}

const json* Parameters::structure(const std::string& name) const {
  auto found = json_.find(name);
  return found == json_.end() || found->is_null() ? nullptr : &*found;
}

std::set<std::string> Parameters::names() const {
  std::set<std::string> all;
  auto add = [&](const std::string& name) {
    if (name != "token" && !is_client_noise(name)) all.insert(name);
  };
  for (const auto& [name, value] : query_) add(name);
  for (const auto& [name, value] : form_) add(name);
  for (const auto& [name, value] : json_.items()) add(name);
  return all;
}

void Parameters::refuse_others(const std::set<std::string>& known) const {
  std::string unknown;
  std::string allowed;
  for (const std::string& name : names()) {
    if (!known.contains(name)) unknown += (unknown.empty() ? "" : ", ") + in_quotes(name);
  }
  if (unknown.empty()) return;
  for (const std::string& name : known) allowed += (allowed.empty() ? "" : ", ") + name;
  invalid("Unknown parameters: " + unknown + ".", "This call takes: " + allowed + ".");
}

}  // namespace sluice
