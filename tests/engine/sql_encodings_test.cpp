#include "engine/function_world.h"
#include "engine/sql_functions.h"

namespace sluice {
namespace {

using testing::HasSubstr;

using SqlEncodingsTest = FunctionTest;

TEST_F(SqlEncodingsTest, Digests) {
  expect({{"hex(MD5('x'))", "'9DD4E461268C8034F5C8564E155C67A6'"},
          {"lower(hex(SHA256('')))",
           "'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'"}});
}

TEST_F(SqlEncodingsTest, Base64) {
  expect({{"base64Encode('abc'), base64Decode('YWJj'), base64Decode('YWI=')", "'YWJj','abc','ab'"},
          {"tryBase64Decode('!!'), tryBase64Decode('YWI')", "'',''"},
          {"base64URLEncode('a?>'), base64URLDecode('YT8-'), base64URLDecode('YQ')",
           "'YT8-','a?>','a'"}});
  for (const char* wrong : {"'YWI'", "'!!!!'", "'Y==='", "'YW J'", "'='"}) {
    EXPECT_THAT(fault(std::string("base64Decode(") + wrong + ")"), HasSubstr("no Base64")) << wrong;
  }
}

TEST_F(SqlEncodingsTest, HexAndAddresses) {
  expect(
      {{"unhex('414243'), unhex('4'), unhex('')", "'ABC','\x04',''"},
       {"IPv4NumToString(3232235777), IPv4StringToNum('192.168.1.1')", "'192.168.1.1',3232235777"},
       {"IPv4StringToNumOrNull('1.2.3'), IPv4StringToNumOrNull('1.2.3.256')", "null,null"}});
  EXPECT_THAT(fault("unhex('zz')"), HasSubstr("hexadecimal"));
  EXPECT_THAT(fault("IPv4StringToNum('1.2.3.4x')"), HasSubstr("no IPv4 address"));
  EXPECT_THAT(fault("IPv4NumToString(-1)"), HasSubstr("is not between"));
}

}  // namespace
}  // namespace sluice
