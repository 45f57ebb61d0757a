#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "object_store/gcs_store.h"
#include "object_store/local_store.h"
#include "object_store/s3_store.h"
#include "support/fake_clock.h"
#include "support/fake_gcs.h"
#include "support/fake_random.h"
#include "support/fake_s3.h"
#include "support/rsa_key.h"
#include "support/temp_folder.h"

namespace sluice {

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline size_t count_files(const std::string& folder) {
  size_t count = 0;
  if (!std::filesystem::exists(folder)) return 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) ++count;
  }
  return count;
}

/// An S3 store over the fake, with everything it is made of.
struct S3World {
  TestFolder folder;
  FakeClock clock;
  FakeRandom random;
  StoreCredentials credentials{"AKIATEST", Secret("TheSecretKeyOfTests"), Secret()};
  FakeS3 s3{"bucket", credentials};
  std::stop_source stop;

  S3StoreOptions options() {
    S3StoreOptions out;
    out.s3.endpoint = "http://localhost:9000";
    out.s3.bucket = "bucket";
    out.s3.credentials = fixed_credentials(credentials);
    out.s3.stop = stop.get_token();
    out.spool_dir = spool();
    return out;
  }
  std::string spool() const { return folder.path() + "/spool"; }
  std::unique_ptr<ObjectStore> open() { return open(options()); }
  std::unique_ptr<ObjectStore> open(S3StoreOptions with) {
    return make_s3_store(std::move(with), s3, clock, random);
  }
};

/// A GCS store over the fake, with everything it is made of.
struct GcsWorldParts {
  TestFolder folder;
  FakeClock clock;
  FakeRandom random;
  FakeGcs gcs{"bucket"};
  std::stop_source stop;

  GoogleTokens tokens() {
    GoogleAccount account;
    account.client_email = "sluice@project.iam.gserviceaccount.com";
    account.private_key = Secret(kTestKey);
    account.token_uri = "http://localhost:4443/token";
    return {account, gcs, clock, random};
  }
  GcsOptions options() { return {"http://localhost:4443", "bucket", stop.get_token()}; }
  std::string spool() const { return folder.path() + "/spool"; }
  GcsClient client() { return {options(), tokens(), gcs, clock, random}; }
  std::unique_ptr<ObjectStore> open() {
    return make_gcs_store({options(), spool()}, tokens(), gcs, clock, random);
  }
};

inline std::string bytes_of_size(size_t size) {
  std::string out(size, '\0');
  FakeRandom(size).fill(out.data(), out.size());
  return out;
}

}  // namespace sluice
