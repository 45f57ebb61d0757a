#include "api/route_docs.h"

#include <gtest/gtest.h>

#include <sstream>

#include "api/api_world.h"
#include "api/openapi.h"

namespace sluice {
namespace {

TEST(RouteDocs, EveryRouteHasOneAndItsAnswerASchema) {
  std::set<std::string> ids;
  for (const Route& route : route_table()) {
    const RouteDoc& doc = doc_of(route);
    EXPECT_TRUE(ids.insert(operation_id(route)).second) << operation_id(route);
    if (doc.answer.empty() || doc.answer == "Html" || doc.answer == "Text") continue;
    EXPECT_TRUE(openapi_schemas().contains(std::string(doc.answer))) << route.pattern;
  }
}

TEST(RouteDocs, OperationIds) {
  const Route route{"POST", "/v0/pipes/{pipe}.pipe/a_b", Scope::kAdmin, 0, {}, nullptr, ""};
  EXPECT_EQ(operation_id(route), "post-v0-pipes-pipe-pipe-a-b");
  EXPECT_THROW(doc_of(route), Error);
}

struct RouteDocsWorld : ApiWorld {
  RouteDocsWorld() { make_flights(); }
  /// The parameters that a refusal of an unknown one lists.
  std::set<std::string> taken(const Route& route) {
    std::string path(route.pattern);
    for (const auto& [from, to] :
         std::vector<std::pair<std::string, std::string>>{{"{pipe}", "flights"},
                                                          {"{node}", "flights_0"},
                                                          {"{token}", "reader"},
                                                          {"{connection}", "disk"}}) {
      if (const size_t at = path.find(from); at != std::string::npos) {
        path.replace(at, from.size(), to);
      }
    }
    const Answer answer = send(request(std::string(route.method), path + "?no_such=1"));
    EXPECT_EQ(answer.status, 400) << route.pattern;
    const std::string marker = "This call takes: ";
    const std::string text = answer.error();
    const size_t at = text.find(marker);
    if (at == std::string::npos) return {"nothing was listed: " + text};
    std::string list = text.substr(at + marker.size());
    list.resize(list.find('.'));
    std::set<std::string> names;
    std::istringstream words(list);
    for (std::string word; std::getline(words, word, ',');) {
      if (word.find_first_not_of(' ') == std::string::npos) continue;
      names.insert(word.substr(word.find_first_not_of(' ')));
    }
    return names;
  }
};

TEST(RouteDocs, TheDocumentedParametersAreThoseThatAreTaken) {
  RouteDocsWorld world;
  for (const Route& route : route_table()) {
    const RouteDoc& doc = doc_of(route);
    if (doc.takes_more || route.method == "GET" ||
        route.pattern.find("{job}") != std::string::npos) {
      continue;
    }
    std::set<std::string> documented;
    for (const ParameterDoc& parameter : doc.parameters) documented.emplace(parameter.name);
    EXPECT_EQ(world.taken(route), documented) << route.method << " " << route.pattern;
  }
}

}  // namespace
}  // namespace sluice
