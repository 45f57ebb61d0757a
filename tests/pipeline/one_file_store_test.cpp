#include "pipeline/one_file_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_store.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(OneFileStoreTest, StagesOneObjectUnderItsOtherNameAndNeverInPlaceOfAnother) {
  FakeBucket bucket;
  FakeStore store(bucket);
  const auto one = make_one_file_store(store, "a.csv", "a.1.csv");
  EXPECT_FALSE(one->head("a.csv")) << "names are to come out as they were asked for";
  const auto other = one->stage("b.csv", {"job"});
  other->write("12345");
  other->finish();
  EXPECT_EQ(other->size(), 5U);
  EXPECT_EQ(other->key(), "b.csv");
  EXPECT_TRUE(other->ticket().text.empty());
  EXPECT_EQ(bucket.staged(), 0U);
  const auto wanted = one->stage("a.csv", {"job"});
  wanted->write("rows");
  wanted->finish();
  bucket.put("a.1.csv", "theirs");
  EXPECT_EQ(store.publish(wanted->ticket()), PublishResult::kNameTaken);
  bucket.clear();
  EXPECT_EQ(store.publish(wanted->ticket()), PublishResult::kPublished);
  EXPECT_THAT(bucket.objects(), ElementsAre(Pair("a.1.csv", "rows")));
  one->discard(other->ticket());
  EXPECT_EQ(bucket.count("discard"), 0U) << "there is nothing to discard";
}

}  // namespace
}  // namespace sluice
