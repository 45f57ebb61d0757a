#include "support/fake_gcs.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/crc32c.h"
#include "base/encoding.h"
#include "base/error.h"
#include "object_store/s3_crc32c.h"

namespace sluice {
namespace {

using nlohmann::json;

constexpr uint64_t kUnit = 256 * 1024;

std::string decoded(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      out += hex_decode(text.substr(i + 1, 2)).value();
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

HttpResponse refusal(int status, const std::string& reason) {
  const json body = {{"error",
                      {{"code", status},
                       {"message", "the fake says " + reason},
                       {"errors", json::array({{{"reason", reason}}})}}}};
  return {status, {}, body.dump()};
}

json resource(const std::string& key, const FakeGcs::Object& object) {
  return {{"name", key},
          {"size", std::to_string(object.bytes.size())},
          {"contentType", object.content_type},
          {"crc32c", crc32c_text(crc32c(object.bytes))},
          {"metadata", {{"sluice-job", object.job_id}}}};
}

std::string body_of(const HttpRequest& request) {
  if (request.body_file.empty()) return std::string(request.body);
  std::ifstream file(request.body_file, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(request.body_offset));
  std::string bytes(static_cast<size_t>(request.body_size), '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file) throw Error(ErrorCode::kStorage, "The body's file is too short.");
  return bytes;
}

}  // namespace

/// A request, taken apart.
struct FakeGcs::Call {
  Call(const HttpRequest& request, const std::string& bucket) : method(request.method) {
    const size_t path_at = request.url.find('/', request.url.find("://") + 3);
    const std::string target = request.url.substr(path_at);
    path = target.substr(0, target.find('?'));
    std::string rest = path.size() < target.size() ? target.substr(path.size() + 1) : "";
    while (!rest.empty()) {
      const std::string pair = rest.substr(0, rest.find('&'));
      rest.erase(0, pair.size() + 1);
      const size_t equals = pair.find('=');
      query[pair.substr(0, equals)] = decoded(pair.substr(equals + 1));
    }
    for (const HttpHeader& header : request.headers) {
      headers[ascii_lower(header.name)] = header.value;
    }
    body = body_of(request);
    const std::string objects = "/storage/v1/b/" + bucket + "/o";
    right_bucket = path == "/token" || path == "/upload" + objects || path.starts_with(objects);
    if (path.starts_with(objects + "/")) key = decoded(path.substr(objects.size() + 1));
    operation = name();
  }
  std::string name() const {
    if (path == "/token") return "token";
    if (path.starts_with("/upload/")) {
      if (query.contains("upload_id")) {
        if (method == "DELETE") return "abort";
        return headers.at("content-range") == "bytes */*" ? "progress" : "chunk";
      }
      return query.at("uploadType") == "resumable" ? "begin" : "insert";
    }
    if (key.empty()) return "list";
    if (method == "DELETE") return "remove";
    return query.contains("alt") ? "read" : "head";
  }

  std::string method;
  std::string path;
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers;
  std::string body;
  std::string key;
  std::string operation;
  bool right_bucket = false;
};

HttpResponse FakeGcs::send(const HttpRequest& request) {
  if (request.stop.stop_requested()) throw Error(ErrorCode::kCancelled, "Stopped.");
  const Call call(request, bucket_);
  if (on_call) on_call(call.operation);
  std::scoped_lock lock(mutex_);
  ++calls_[call.operation];
  if (const auto failure = fail(call)) return *failure;
  return act(call);
}

std::optional<HttpResponse> FakeGcs::fail(const Call& call) {
  const auto found = plans_.find(call.operation);
  if (found == plans_.end()) return std::nullopt;
  const Fault fault = found->second.first;
  if (--found->second.second == 0) plans_.erase(found);
  if (fault.after) act(call);
  if (fault.taken < call.body.size()) {
    Upload& upload = uploads_.at("upload/" + call.query.at("upload_id"));
    upload.object.bytes += call.body.substr(0, fault.taken);
  }
  if (fault.status == 0) throw Error(ErrorCode::kUnavailable, "The connection broke.");
  return refusal(fault.status, "trouble");
}

HttpResponse FakeGcs::act(const Call& call) {
  if (call.operation == "token") {
    token_good_ = true;
    const json body = {{"access_token", "t" + std::to_string(++tokens_)},
                       {"expires_in", 3600},
                       {"token_type", "Bearer"}};
    return {200, {}, body.dump()};
  }
  const auto token = call.headers.find("authorization");
  if (token == call.headers.end() || !token_good_ ||
      token->second != "Bearer t" + std::to_string(tokens_)) {
    return refusal(401, "authError");
  }
  if (!call.right_bucket) return refusal(404, "notFound");
  if (call.operation == "insert") return insert(call);
  if (call.operation == "begin") return begin(call);
  if (call.operation == "abort") return abort(call);
  if (call.operation == "chunk" || call.operation == "progress") return chunk(call);
  if (call.operation == "remove") {
    return objects_.erase(call.key) > 0 ? HttpResponse{204, {}, ""} : refusal(404, "notFound");
  }
  return call.operation == "list" ? list(call) : look(call);
}

HttpResponse FakeGcs::store(const std::string& key, const Object& object, bool only_if_new) {
  if (only_if_new && objects_.contains(key)) return refusal(412, "conditionNotMet");
  objects_[key] = object;
  return {200, {}, resource(key, object).dump()};
}

HttpResponse FakeGcs::insert(const Call& call) {
  const std::string type = call.headers.at("content-type");
  const std::string mark = "\r\n--" + type.substr(type.find("boundary=") + 9);
  const std::string text = "\r\n" + call.body;
  const size_t json_at = text.find("\r\n\r\n") + 4;
  const size_t json_end = text.find(mark, json_at);
  const json meta = json::parse(text.substr(json_at, json_end - json_at));
  const size_t bytes_at = text.find("\r\n\r\n", json_end) + 4;
  const size_t bytes_end = text.rfind(mark + "--");
  const Object object{text.substr(bytes_at, bytes_end - bytes_at), meta.at("contentType"),
                      meta.contains("metadata") ? meta["metadata"].value("sluice-job", "") : ""};
  if (meta.value("crc32c", "") != crc32c_text(crc32c(object.bytes))) return refusal(400, "invalid");
  return store(meta.at("name"), object, call.query.contains("ifGenerationMatch"));
}

HttpResponse FakeGcs::begin(const Call& call) {
  const json meta = json::parse(call.body);
  const std::string id = "upload/" + std::to_string(uploads_.size() + 1);
  uploads_[id] = {meta.at("name"),
                  {"", meta.at("contentType"),
                   meta.contains("metadata") ? meta["metadata"].value("sluice-job", "") : ""},
                  call.query.contains("ifGenerationMatch")};
  return {200,
          {{"Location",
            "https://elsewhere.test/upload?x=1&upload_id=" + std::to_string(uploads_.size())}},
          ""};
}

HttpResponse FakeGcs::abort(const Call& call) {
  const auto found = uploads_.find("upload/" + call.query.at("upload_id"));
  if (found == uploads_.end()) return refusal(404, "notFound");
  if (!found->second.ended) found->second.ended = 499;
  return refusal(499, "cancelled");
}

HttpResponse FakeGcs::chunk(const Call& call) {
  const auto found = uploads_.find("upload/" + call.query.at("upload_id"));
  if (found == uploads_.end()) return refusal(404, "notFound");
  Upload& upload = found->second;
  if (upload.ended == 200) return {200, {}, resource(upload.key, upload.object).dump()};
  if (upload.ended) return refusal(*upload.ended, "ended");
  std::string& have = upload.object.bytes;
  const std::string range = call.headers.at("content-range").substr(6);
  const std::string total = range.substr(range.find('/') + 1);
  if (!range.starts_with("*")) {
    if (std::stoull(range) != have.size()) return refusal(400, "badOffset");
    if (total == "*" && call.body.size() % kUnit != 0) return refusal(400, "badChunkSize");
    have += call.body;
  }
  if (total != "*" && std::stoull(total) == have.size()) {
    const HttpResponse stored = store(upload.key, upload.object, upload.only_if_new);
    upload.ended = stored.status;
    return stored;
  }
  HttpResponse answer{308, {}, ""};
  if (!have.empty()) answer.headers = {{"Range", "bytes=0-" + std::to_string(have.size() - 1)}};
  return answer;
}

HttpResponse FakeGcs::look(const Call& call) const {
  const auto found = objects_.find(call.key);
  if (found == objects_.end()) return refusal(404, "notFound");
  if (call.operation == "head") return {200, {}, resource(call.key, found->second).dump()};
  const std::string range = call.headers.at("range").substr(6);
  const uint64_t first = std::stoull(range);
  const uint64_t last = std::stoull(range.substr(range.find('-') + 1));
  if (first >= found->second.bytes.size()) return refusal(416, "range");
  return {206, {}, found->second.bytes.substr(first, last - first + 1)};
}

HttpResponse FakeGcs::list(const Call& call) const {
  constexpr size_t kPage = 2;
  const std::string prefix = call.query.at("prefix");
  const auto token = call.query.find("pageToken");
  json body = {{"kind", "storage#objects"}};
  for (const auto& [key, object] : objects_) {
    if (!key.starts_with(prefix)) continue;
    if (token != call.query.end() && key <= token->second) continue;
    if (body.contains("items") && body["items"].size() == kPage) {
      body["nextPageToken"] = body["items"].back()["name"];
      break;
    }
    body["items"].push_back(resource(key, object));
  }
  return {200, {}, body.dump()};
}

void FakeGcs::plan(const std::string& operation, Fault fault, int times) {
  std::scoped_lock lock(mutex_);
  plans_[operation] = {fault, times};
}

int FakeGcs::calls(const std::string& operation) const {
  std::scoped_lock lock(mutex_);
  const auto found = calls_.find(operation);
  return found == calls_.end() ? 0 : found->second;
}

std::map<std::string, FakeGcs::Object> FakeGcs::objects() const {
  std::scoped_lock lock(mutex_);
  return objects_;
}

size_t FakeGcs::uploads() const {
  std::scoped_lock lock(mutex_);
  size_t open = 0;
  for (const auto& [id, upload] : uploads_) open += upload.ended ? 0 : 1;
  return open;
}

void FakeGcs::put(const std::string& key, Object object) {
  std::scoped_lock lock(mutex_);
  objects_[key] = std::move(object);
}

void FakeGcs::expire_token() {
  std::scoped_lock lock(mutex_);
  token_good_ = false;
}

}  // namespace sluice
