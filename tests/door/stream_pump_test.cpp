#include "door/stream_pump.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <vector>

namespace sluice {
namespace {

/// Gives its pieces, then ends.
class Pieces final : public AnswerStream {
 public:
  explicit Pieces(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {}
  std::optional<std::string> next() override {
    if (at_ == pieces_.size()) return std::nullopt;
    return pieces_[at_++];
  }

 private:
  std::vector<std::string> pieces_;
  size_t at_ = 0;
};

class StreamPumpTest : public testing::Test {
 protected:
  /// Waits until as many streams as that have ended.
  void wait_for_ends(size_t ends) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ends_ >= ends; });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> sent_;
  size_t ends_ = 0;
  StreamPump pump_{[this](uint64_t id, const std::string& bytes, bool last) {
                     const std::lock_guard lock(mutex_);
                     sent_.push_back(std::to_string(id) + bytes);
                     if (last) ++ends_;
                     changed_.notify_all();
                   },
                   std::chrono::milliseconds(1)};
};

TEST_F(StreamPumpTest, SendsWhatThereIsAndTheEnd) {
  pump_.follow(7, std::make_shared<Pieces>(std::vector<std::string>{"a", "", "b"}));
  wait_for_ends(1);
  EXPECT_EQ(sent_, (std::vector<std::string>{"7a", "7b", "7"}));
}

TEST_F(StreamPumpTest, SeveralAtATime) {
  pump_.follow(1, std::make_shared<Pieces>(std::vector<std::string>{"a"}));
  pump_.follow(2, std::make_shared<Pieces>(std::vector<std::string>{"b"}));
  wait_for_ends(2);
  EXPECT_EQ(sent_.size(), 4U);
}

TEST_F(StreamPumpTest, AStreamThatNobodyReadsAnyMoreIsLetGo) {
  auto stream = std::make_shared<Pieces>(std::vector<std::string>(1'000'000, "x"));
  const std::weak_ptr<AnswerStream> watched = stream;
  pump_.follow(1, std::move(stream));
  pump_.follow(1, nullptr);
  pump_.follow(2, std::make_shared<Pieces>(std::vector<std::string>{}));
  wait_for_ends(1);
  pump_.end();
  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace sluice
