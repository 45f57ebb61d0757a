#include "support/fake_s3.h"

#include <fstream>
#include <iterator>
#include <pugixml.hpp>
#include <sstream>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "base/hash.h"

namespace sluice {
namespace {

std::string percent_decode(const std::string& text) {
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

/// As S3 encodes keys in listings: a form, with spaces as `+`.
std::string form_encode(const std::string& text) {
  std::string out;
  for (char c : percent_encode_path(text)) out += c;
  for (size_t at = out.find("%20"); at != std::string::npos; at = out.find("%20", at)) {
    out.replace(at, 3, "+");
  }
  return out;
}

std::string body_of(const HttpRequest& request) {
  if (request.body_file.empty()) return std::string(request.body);
  std::ifstream file(request.body_file, std::ios::binary);
  if (!file) throw Error(ErrorCode::kStorage, "No file " + request.body_file + ".");
  file.seekg(static_cast<std::streamoff>(request.body_offset));
  std::string out(request.body_size, '\0');
  file.read(out.data(), static_cast<std::streamsize>(out.size()));
  if (static_cast<uint64_t>(file.gcount()) != request.body_size) {
    throw Error(ErrorCode::kStorage, "The file " + request.body_file + " is too short.");
  }
  return out;
}

HttpResponse answer(int status, std::string body = {}, std::vector<HttpHeader> headers = {}) {
  HttpResponse response;
  response.status = status;
  response.headers = std::move(headers);
  response.headers.push_back({"Date", "Mon, 23 Nov 2026 08:30:00 GMT"});
  response.body = std::move(body);
  return response;
}

HttpResponse error_answer(int status, const std::string& code,
                          std::vector<HttpHeader> headers = {}) {
  return answer(status,
                "<?xml version=\"1.0\"?><Error><Code>" + code +
                    "</Code><Message>the fake says so</Message></Error>",
                std::move(headers));
}

std::string xml_of(const pugi::xml_document& document) {
  std::ostringstream out;
  document.save(out, "", pugi::format_raw);
  return out.str();
}

}  // namespace

struct FakeS3::Parsed {
  const HttpRequest* request = nullptr;
  std::string operation;
  std::string path;
  std::string raw_query;
  std::string bucket;
  std::string key;
  std::string body;
  std::map<std::string, std::string> query;

  std::string header(const std::string& name) const {
    for (const HttpHeader& header : request->headers) {
      if (ascii_lower(header.name) == name) return header.value;
    }
    return {};
  }
  bool has(const std::string& name) const { return query.contains(name); }

  explicit Parsed(const HttpRequest& from) : request(&from), body(body_of(from)) {
    const size_t begin = from.url.find('/', from.url.find("://") + 3);
    const size_t question = from.url.find('?');
    path = from.url.substr(begin, question - begin);
    if (question != std::string::npos) raw_query = from.url.substr(question + 1);
    std::istringstream pairs(raw_query);
    for (std::string pair; std::getline(pairs, pair, '&');) {
      const size_t equals = pair.find('=');
      query[percent_decode(pair.substr(0, equals))] =
          equals == std::string::npos ? "" : percent_decode(pair.substr(equals + 1));
    }
    const size_t slash = path.find('/', 1);
    bucket = percent_decode(path.substr(1, slash - 1));
    if (slash != std::string::npos) key = percent_decode(path.substr(slash + 1));
    operation = name_operation();
  }

  std::string name_operation() const {
    const std::string& method = request->method;
    if (method == "POST")
      return has("uploads") ? "CreateMultipartUpload" : "CompleteMultipartUpload";
    if (method == "PUT") return has("partNumber") ? "UploadPart" : "PutObject";
    if (method == "DELETE") return has("uploadId") ? "AbortMultipartUpload" : "DeleteObject";
    if (method == "HEAD") return "HeadObject";
    return has("uploads") ? "ListMultipartUploads" : "ListObjectsV2";
  }
};

FakeS3::FakeS3(std::string bucket, StoreCredentials credentials)
    : bucket_(std::move(bucket)), credentials_(std::move(credentials)) {}

HttpResponse FakeS3::send(const HttpRequest& request) {
  const Parsed call(request);
  if (on_call) on_call(call.operation);
  if (request.stop.stop_requested()) throw Error(ErrorCode::kCancelled, "Stopped.");
  std::scoped_lock lock(mutex_);
  ++calls_[call.operation];
  if (auto refused = refuse(call)) return *refused;
  std::vector<S3FaultPlan>& plans = plans_[call.operation];
  if (plans.empty()) return act(call);
  const S3FaultPlan fault = plans.front();
  plans.erase(plans.begin());
  using Kind = S3FaultPlan::Kind;
  if (fault.kind == Kind::kAnswer) {
    HttpResponse response = error_answer(fault.status, fault.code, fault.headers);
    if (call.operation == "HeadObject") response.body.clear();
    return response;
  }
  if (fault.kind == Kind::kErrorIn200) return error_answer(200, fault.code);
  const Error reset(ErrorCode::kUnavailable, "The connection was reset.");
  if (fault.kind == Kind::kResetBefore) throw reset;
  HttpResponse response = act(call);
  if (fault.kind == Kind::kResetAfter) throw reset;
  if (fault.kind == Kind::kCutAnswer) response.body.resize(response.body.size() / 2);
  if (fault.kind == Kind::kEmptyAnswer) response.body.clear();
  if (fault.kind == Kind::kWrongEtag) response.headers = {{"ETag", hex_encode(md5("other"))}};
  return response;
}

void FakeS3::plan(const std::string& operation, S3FaultPlan fault, int times) {
  std::scoped_lock lock(mutex_);
  plans_[operation].insert(plans_[operation].end(), static_cast<size_t>(times), fault);
}

int FakeS3::calls(const std::string& operation) const {
  std::scoped_lock lock(mutex_);
  const auto found = calls_.find(operation);
  return found == calls_.end() ? 0 : found->second;
}

std::map<std::string, FakeS3::Object> FakeS3::objects() const {
  std::scoped_lock lock(mutex_);
  return objects_;
}

std::map<std::string, FakeS3::Upload> FakeS3::uploads() const {
  std::scoped_lock lock(mutex_);
  return uploads_;
}

void FakeS3::put(const std::string& key, Object object) {
  std::scoped_lock lock(mutex_);
  objects_[key] = std::move(object);
}

void FakeS3::remove(const std::string& key) {
  std::scoped_lock lock(mutex_);
  objects_.erase(key);
}

void FakeS3::remove_uploads() {
  std::scoped_lock lock(mutex_);
  uploads_.clear();
}

/// Signature, payload hash, bucket: what every call is checked for.
std::optional<HttpResponse> FakeS3::refuse(const Parsed& call) const {
  const std::string got = call.header("authorization");
  if (got.find("Credential=" + credentials_.access_key + "/") == std::string::npos) {
    return error_answer(403, "InvalidAccessKeyId");
  }
  if (got.find("/" + region_ + "/s3/aws4_request") == std::string::npos) {
    return answer(400, "<Error><Code>AuthorizationHeaderMalformed</Code><Region>" + region_ +
                           "</Region></Error>");
  }
  sigv4::Request signed_part{
      call.request->method, call.path, call.raw_query, {}, call.header("x-amz-content-sha256")};
  for (const HttpHeader& header : call.request->headers) {
    if (ascii_lower(header.name) != "authorization") signed_part.headers.push_back(header);
  }
  const sigv4::Scope scope{region_, "s3", call.header("x-amz-date")};
  if (got != sigv4::authorization(signed_part, credentials_, scope, sigv4::PathMode::kS3)) {
    return error_answer(403, "SignatureDoesNotMatch");
  }
  if (call.header("x-amz-content-sha256") != hex_encode(sha256(call.body))) {
    return error_answer(400, "XAmzContentSHA256Mismatch");
  }
  if (call.bucket != bucket_) {
    if (call.request->method == "HEAD") return answer(404);
    return error_answer(404, "NoSuchBucket");
  }
  return std::nullopt;
}

std::optional<HttpResponse> FakeS3::check_condition(const Parsed& call) const {
  if (call.header("if-none-match") != "*") return std::nullopt;
  if (conditions_ == Conditions::kRefused) return error_answer(501, "NotImplemented");
  if (conditions_ == Conditions::kIgnored || !objects_.contains(call.key)) return std::nullopt;
  return error_answer(412, "PreconditionFailed");
}

HttpResponse FakeS3::act(const Parsed& call) {
  if (call.operation == "PutObject") return put_object(call);
  if (call.operation == "CreateMultipartUpload") return create_upload(call);
  if (call.operation == "UploadPart") return upload_part(call);
  if (call.operation == "CompleteMultipartUpload") return complete_upload(call);
  if (call.operation == "HeadObject") return head_object(call);
  if (call.operation == "ListObjectsV2") return list_objects(call);
  if (call.operation == "ListMultipartUploads") return list_uploads(call);
  if (call.operation == "AbortMultipartUpload") {
    if (uploads_.erase(call.query.at("uploadId")) == 0) return error_answer(404, "NoSuchUpload");
    return answer(204);
  }
  return error_answer(405, "MethodNotAllowed");
}

HttpResponse FakeS3::put_object(const Parsed& call) {
  if (auto failed = check_condition(call)) return *failed;
  const std::string etag = hex_encode(md5(call.body));
  objects_[call.key] = {call.body, etag, call.header("content-type"),
                        call.header("x-amz-meta-sluice-job")};
  return answer(200, "", {{"ETag", "\"" + etag + "\""}});
}

HttpResponse FakeS3::create_upload(const Parsed& call) {
  const std::string id = "upload/+" + std::to_string(next_upload_++);
  uploads_[id] = {call.key, call.header("content-type"), call.header("x-amz-meta-sluice-job"), {}};
  return answer(200, "<InitiateMultipartUploadResult><UploadId>" + id +
                         "</UploadId></InitiateMultipartUploadResult>");
}

HttpResponse FakeS3::upload_part(const Parsed& call) {
  const auto upload = uploads_.find(call.query.at("uploadId"));
  if (upload == uploads_.end()) return error_answer(404, "NoSuchUpload");
  upload->second.parts[std::stoi(call.query.at("partNumber"))] = call.body;
  return answer(200, "", {{"ETag", "\"" + hex_encode(md5(call.body)) + "\""}});
}

HttpResponse FakeS3::complete_upload(const Parsed& call) {
  const auto found = uploads_.find(call.query.at("uploadId"));
  if (found == uploads_.end()) return error_answer(404, "NoSuchUpload");
  if (auto failed = check_condition(call)) return *failed;
  const Upload& upload = found->second;
  pugi::xml_document document;
  document.load_string(call.body.c_str());
  std::string bytes;
  size_t count = 0;
  for (const pugi::xml_node& node : document.child("CompleteMultipartUpload").children("Part")) {
    const auto part = upload.parts.find(node.child("PartNumber").text().as_int());
    const std::string etag = node.child("ETag").text().get();
    if (part == upload.parts.end() || etag != "\"" + hex_encode(md5(part->second)) + "\"") {
      return error_answer(400, "InvalidPart");
    }
    bytes += part->second;
    ++count;
  }
  if (count == 0) return error_answer(400, "MalformedXML");
  const std::string etag = hex_encode(md5(bytes)) + "-" + std::to_string(count);
  objects_[upload.key] = {bytes, etag, upload.content_type, upload.job_id};
  uploads_.erase(found);
  return answer(200, "<CompleteMultipartUploadResult><ETag>&quot;" + etag +
                         "&quot;</ETag></CompleteMultipartUploadResult>");
}

HttpResponse FakeS3::head_object(const Parsed& call) const {
  const auto found = objects_.find(call.key);
  if (found == objects_.end()) return answer(404);
  const Object& object = found->second;
  std::vector<HttpHeader> headers{{"Content-Length", std::to_string(object.bytes.size())},
                                  {"ETag", "\"" + object.etag + "\""}};
  if (!object.job_id.empty()) headers.push_back({"x-amz-meta-sluice-job", object.job_id});
  return answer(200, "", headers);
}

HttpResponse FakeS3::list_objects(const Parsed& call) const {
  const auto token = call.query.find("continuation-token");
  const std::string after = token == call.query.end() ? "" : hex_decode(token->second).value();
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("ListBucketResult");
  root.append_child("EncodingType").text() = "url";
  size_t count = 0;
  bool more = false;
  std::string last;
  for (const auto& [key, object] : objects_) {
    if (!key.starts_with(call.query.at("prefix")) || (!after.empty() && key <= after)) continue;
    if (count == page_size_) {
      more = true;
      break;
    }
    pugi::xml_node node = root.append_child("Contents");
    node.append_child("Key").text() = form_encode(key).c_str();
    node.append_child("Size").text() = object.bytes.size();
    node.append_child("ETag").text() = ("\"" + object.etag + "\"").c_str();
    last = key;
    ++count;
  }
  root.append_child("IsTruncated").text() = more;
  if (more) root.append_child("NextContinuationToken").text() = hex_encode(last).c_str();
  return answer(200, xml_of(document));
}

HttpResponse FakeS3::list_uploads(const Parsed& call) const {
  const auto marker = call.query.find("upload-id-marker");
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("ListMultipartUploadsResult");
  root.append_child("EncodingType").text() = "url";
  size_t count = 0;
  bool more = false;
  std::pair<std::string, std::string> last;
  for (const auto& [id, upload] : uploads_) {
    if (!upload.key.starts_with(call.query.at("prefix"))) continue;
    if (marker != call.query.end() && id <= marker->second) continue;
    if (count == page_size_) {
      more = true;
      break;
    }
    pugi::xml_node node = root.append_child("Upload");
    node.append_child("Key").text() = form_encode(upload.key).c_str();
    node.append_child("UploadId").text() = id.c_str();
    last = {upload.key, id};
    ++count;
  }
  root.append_child("IsTruncated").text() = more;
  if (more) {
    root.append_child("NextKeyMarker").text() = form_encode(last.first).c_str();
    root.append_child("NextUploadIdMarker").text() = last.second.c_str();
  }
  return answer(200, xml_of(document));
}

}  // namespace sluice
