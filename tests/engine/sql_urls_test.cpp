#include "engine/function_world.h"
#include "engine/sql_functions.h"

namespace sluice {
namespace {

using testing::HasSubstr;

using SqlUrlsTest = FunctionTest;

TEST_F(SqlUrlsTest, Parts) {
  const std::string url = "('https://user@www.example.com:8080/a/b?x=1&y=2#f')";
  expect({{"domain" + url + ", domainWithoutWWW" + url + ", topLevelDomain" + url,
           "'www.example.com','example.com','com'"},
          {"protocol" + url + ", port" + url + ", path" + url, "'https',8080,'/a/b'"},
          {"pathFull" + url + ", queryString" + url + ", fragment" + url,
           "'/a/b?x=1&y=2#f','x=1&y=2','f'"}});
}

TEST_F(SqlUrlsTest, StrangeOnes) {
  expect({{"domain('example.com/x'), domain('//example.com/x'), domain('abc'), domain('a.b:80')",
           "'example.com','example.com','','a.b'"},
          {"domain('mailto:a@b.c'), protocol('mailto:a@b'), domain(''), domain('http://')",
           "'','mailto','',''"},
          {"path('a/b'), path('http://a.b'), path('/x/y'), port('http://a.b:x/', 80)",
           "'/b','','/x/y',80"}});
}

TEST_F(SqlUrlsTest, Parameters) {
  expect({{"extractURLParameter('http://a.b/?ax=1&x=2#z=3', 'x')", "'2'"},
          {"extractURLParameter('http://a.b/?x', 'x'), extractURLParameter('http://a.b/#x=5', 'x')",
           "'','5'"},
          {"extractURLParameters('http://a.b/?x=1&y=2#z=3')", "'[\"x=1\",\"y=2\",\"z=3\"]'"},
          {"extractURLParameterNames('http://a.b/?x=1&y=2')", "'[\"x\",\"y\"]'"},
          {"cutURLParameter('http://a.b/?x=1&y=2#z', 'y'), cutURLParameter('http://a.b/?y=2', 'y')",
           "'http://a.b/?x=1#z','http://a.b/?'"},
          {"cutURLParameter('http://a.b/?x=1&y=2', 'x')", "'http://a.b/?y=2'"},
          {"cutQueryString('http://a.b/x?y=1#z'), cutFragment('http://a.b/x?y=1#z')",
           "'http://a.b/x#z','http://a.b/x?y=1'"},
          {"cutQueryStringAndFragment('http://a.b/x?y=1#z')", "'http://a.b/x'"}});
}

TEST_F(SqlUrlsTest, Codes) {
  expect({{"decodeURLComponent('a%20b%E4%BD%A0'), decodeURLComponent('a%2'), "
           "decodeURLComponent('%zz+%41')",
           "'a b你','a%2','%zz+A'"},
          {"encodeURLComponent('aZ09-._~ /é')", "'aZ09-._~%20%2F%C3%A9'"}});
}

}  // namespace
}  // namespace sluice
