#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "door/http_message.h"

namespace sluice {

/// 200 with a JSON body. Text that is not UTF-8 (there should be none) is shown with U+FFFD.
inline DoorResponse reply(const nlohmann::json& body) {
  DoorResponse response;
  response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  return response;
}

/// 200 with a data file's text. Without a charset: that is what the command line client compares
/// with.
inline DoorResponse reply_text(std::string text) {
  DoorResponse response;
  response.content_type = "text/plain";
  response.body = std::move(text);
  return response;
}

inline DoorResponse reply_nothing() {
  DoorResponse response;
  response.status = 204;
  return response;
}

}  // namespace sluice
