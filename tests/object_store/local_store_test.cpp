// What the local store does beyond the contract.
#include "object_store/local_store.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "stores.h"

namespace sluice {
namespace {

class LocalStoreTest : public testing::Test {
 protected:
  std::string root() const { return folder_.path() + "/objects"; }
  std::string staging() const { return folder_.path() + "/.sluice"; }
  StageTicket staged(const std::string& key, const std::string& bytes,
                     Overwrite overwrite = Overwrite::kReplace) {
    StageOptions options;
    options.job_id = "job-1";
    options.overwrite = overwrite;
    auto object = store_->stage(key, options);
    object->write(bytes);
    object->finish();
    return object->ticket();
  }
  ErrorCode code_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      EXPECT_FALSE(error.message().empty());
      return error.code();
    }
    ADD_FAILURE() << "nothing was thrown";
    return ErrorCode::kInternal;
  }

  TestFolder folder_;
  FakeRandom random_;
  std::unique_ptr<ObjectStore> store_ = make_local_store({root(), staging()}, random_);
};

TEST_F(LocalStoreTest, KeysThatLeaveTheRootOrAreNoFileNamesAreInvalid) {
  for (const std::string& key :
       {std::string("../x"), std::string("a/../../x"), std::string("/x"), std::string("a//x"),
        std::string("a/"), std::string("./x"), std::string("."), std::string("a/.."),
        std::string(".sluice/x"), "a/" + std::string(256, 'n')}) {
    EXPECT_EQ(code_of([&] { staged(key, "x"); }), ErrorCode::kInvalid) << key;
    EXPECT_EQ(code_of([&] { store_->head(key); }), ErrorCode::kInvalid) << key;
  }
  staged("a/" + std::string(255, 'n'), "x");
  staged("..a/b..", "x");
}

TEST_F(LocalStoreTest, LinksAreNotFollowedOut) {
  const std::string outside = folder_.path() + "/outside";
  std::filesystem::create_directories(outside);
  std::filesystem::create_directories(root());
  std::filesystem::create_directory_symlink(outside, root() + "/link");
  const StageTicket ticket = staged("link/x", "bytes");
  EXPECT_EQ(code_of([&] { store_->publish(ticket); }), ErrorCode::kConflict);
  EXPECT_EQ(count_files(outside), 0U);

  std::ofstream(outside + "/target") << "untouched";
  std::filesystem::create_symlink(outside + "/target", root() + "/file");
  EXPECT_EQ(store_->head("file"), std::nullopt);
  EXPECT_EQ(store_->publish(staged("file", "new")), PublishResult::kPublished);
  EXPECT_EQ(read_file(outside + "/target"), "untouched");
  EXPECT_EQ(read_file(root() + "/file"), "new");
}

TEST_F(LocalStoreTest, FileAndFolderOfOneNameConflict) {
  store_->publish(staged("a", "file"));
  const StageTicket below = staged("a/b", "x");
  EXPECT_EQ(code_of([&] { store_->publish(below); }), ErrorCode::kConflict);
  store_->publish(staged("d/e", "x"));
  const StageTicket folder = staged("d", "x");
  EXPECT_EQ(code_of([&] { store_->publish(folder); }), ErrorCode::kConflict);
}

TEST_F(LocalStoreTest, StagedFileThatWasChangedIsNotPublished) {
  const StageTicket ticket = staged("x", "bytes");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(staging())) {
    if (entry.is_regular_file()) std::ofstream(entry.path(), std::ios::app) << "more";
  }
  EXPECT_EQ(code_of([&] { store_->publish(ticket); }), ErrorCode::kConflict);
  EXPECT_FALSE(std::filesystem::exists(root() + "/x"));
}

TEST_F(LocalStoreTest, NeverRecognisesItsOwnFileUnderTheName) {
  const StageTicket ticket = staged("x", "bytes", Overwrite::kNever);
  // As a crash between link and unlink leaves it.
  std::filesystem::create_directories(root());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(staging())) {
    if (entry.is_regular_file()) std::filesystem::create_hard_link(entry.path(), root() + "/x");
  }
  EXPECT_EQ(store_->publish(ticket), PublishResult::kPublished);
  EXPECT_EQ(count_files(staging()), 0U);
}

TEST_F(LocalStoreTest, PublishedFilesAreForOthersToRead) {
  store_->publish(staged("a/x", "bytes"));
  struct stat info {};
  ASSERT_EQ(stat((root() + "/a/x").c_str(), &info), 0);
  const mode_t mask = umask(0);
  umask(mask);
  EXPECT_EQ(info.st_mode & 0777U, 0666U & ~mask);
}

TEST_F(LocalStoreTest, ManyOpenObjectsHoldNoDescriptors) {
  StageOptions options;
  options.job_id = "job-1";
  std::vector<std::unique_ptr<StagedObject>> objects;
  for (int i = 0; i < 1500; ++i) {
    objects.push_back(store_->stage("f" + std::to_string(i), options));
    objects.back()->write(std::string(40'000, 'x'));
  }
  size_t open_files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    open_files += entry.path().empty() ? 0 : 1;
  }
  EXPECT_LT(open_files, 100U);
}

TEST_F(LocalStoreTest, UnwritableFoldersSayWhichAndWhy) {
  // Root may write everywhere, so the store runs as someone else here.
  constexpr uid_t kNobody = 65534;
  const bool was_root = geteuid() == 0;
  if (was_root) {
    ASSERT_EQ(chown(folder_.path().c_str(), kNobody, kNobody), 0);
    ASSERT_EQ(seteuid(kNobody), 0);
  }
  std::filesystem::create_directories(root());
  std::filesystem::permissions(
      root(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  const StageTicket ticket = staged("x", "bytes");
  EXPECT_EQ(code_of([&] { store_->publish(ticket); }), ErrorCode::kForbidden);
  EXPECT_EQ(code_of([&] { store_->probe(""); }), ErrorCode::kForbidden);
  ASSERT_EQ(seteuid(was_root ? 0 : geteuid()), 0);
}

}  // namespace
}  // namespace sluice
