#include "object_store/s3_xml.h"

#include <gtest/gtest.h>

namespace sluice::s3_xml {
namespace {

TEST(S3Xml, ReadsNamespacedAnswers) {
  EXPECT_EQ(read_upload_id("<?xml version=\"1.0\"?>\n<InitiateMultipartUploadResult "
                           "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><UploadId>a&amp;b"
                           "</UploadId></InitiateMultipartUploadResult>"),
            "a&b");
  EXPECT_EQ(read_complete("<CompleteMultipartUploadResult><ETag>&quot;e-2&quot;</ETag>"
                          "</CompleteMultipartUploadResult>"),
            "e-2");
}

TEST(S3Xml, SpaceBeforeTheAnswerIsSkipped) {
  // S3 sends white space while it assembles a large object.
  EXPECT_TRUE(read_complete("\n \n  <CompleteMultipartUploadResult/>").has_value());
}

TEST(S3Xml, WhatIsCutOffOrElseIsNothing) {
  const std::string whole =
      "<ListBucketResult><Contents><Key>k</Key><Size>1</Size></Contents></ListBucketResult>";
  ASSERT_TRUE(read_objects(whole));
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(read_objects(whole.substr(0, size))) << size;
  }
  EXPECT_FALSE(read_error(whole));
  EXPECT_FALSE(read_upload_id("<InitiateMultipartUploadResult/>"));
  EXPECT_FALSE(
      read_objects("<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"));
}

TEST(S3Xml, DecodesKeysOnlyWhereTheyAreEncoded) {
  const std::string body = "<Contents><Key>a+b%2B%25</Key><Size>5000000000</Size></Contents>";
  const auto plain = read_objects("<ListBucketResult>" + body + "</ListBucketResult>").value();
  EXPECT_EQ(plain.objects.at(0).key, "a+b%2B%25");
  EXPECT_EQ(plain.objects.at(0).size, 5'000'000'000U);
  const auto encoded = read_objects("<ListBucketResult><EncodingType>url</EncodingType>" + body +
                                    "</ListBucketResult>")
                           .value();
  EXPECT_EQ(encoded.objects.at(0).key, "a b+%");
}

TEST(S3Xml, KeysOfSpacesStaySpaces) {
  const auto page =
      read_objects("<ListBucketResult><Contents><Key>  </Key></Contents></ListBucketResult>");
  EXPECT_EQ(page.value().objects.at(0).key, "  ");
}

TEST(S3Xml, ReadsWhatIsSaidOfACopy) {
  const auto whole = read_copied(
      "<CopyObjectResult><ETag>&quot;e&quot;</ETag><ChecksumCRC32C>yZRlqg==</ChecksumCRC32C>"
      "</CopyObjectResult>");
  EXPECT_EQ(whole.value().etag, "e");
  EXPECT_EQ(whole.value().crc32c, "yZRlqg==");
  const auto part = read_copied("<CopyPartResult><ETag>\"e\"</ETag></CopyPartResult>");
  EXPECT_EQ(part.value().etag, "e");
  EXPECT_EQ(part.value().crc32c, "");
  EXPECT_FALSE(read_copied("<Error><Code>InternalError</Code></Error>"));
  EXPECT_FALSE(read_copied("<CopyObjectResult><ETag>"));
}

TEST(S3Xml, WritesParts) {
  EXPECT_EQ(write_complete({{1, "a"}, {2, "<b"}}),
            "<?xml version=\"1.0\"?><CompleteMultipartUpload "
            "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Part>"
            "<PartNumber>1</PartNumber><ETag>\"a\"</ETag></Part><Part><PartNumber>2</PartNumber>"
            "<ETag>\"&lt;b\"</ETag></Part></CompleteMultipartUpload>");
}

TEST(S3Xml, ReadsUploads) {
  const auto page = read_uploads(
                        "<ListMultipartUploadsResult><IsTruncated>true</IsTruncated>"
                        "<NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>u</NextUploadIdMarker>"
                        "<Upload><Key>k</Key><UploadId>u</UploadId></Upload>"
                        "</ListMultipartUploadsResult>")
                        .value();
  EXPECT_TRUE(page.more);
  EXPECT_EQ(page.next_key, "k");
  EXPECT_EQ(page.uploads.at(0).upload_id, "u");
}

}  // namespace
}  // namespace sluice::s3_xml
