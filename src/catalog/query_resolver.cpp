#include "catalog/query_resolver.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "domain/sql_text.h"

namespace sluice {
namespace {

/// Collects the views for one statement. Words are a superset of the names a statement reads, so a
/// view too many may come; it costs a line of DDL and is never looked at.
class Resolver {
 public:
  explicit Resolver(PipeStore& pipes) : pipes_(pipes) {}

  Query resolve(const Pipe& pipe, const Node& node) {
    open_.push_back(ascii_lower(pipe.name));
    Query query;
    const std::vector<const Node*> needed = needed_nodes(pipe, node);
    for (const Node* earlier : needed) own_nodes_.insert(ascii_lower(earlier->name));
    for (const Node* earlier : needed) {
      add_pipes_of(earlier->sql);
      views_.push_back({earlier->name, earlier->sql});
    }
    add_pipes_of(node.sql);
    query.views = std::move(views_);
    query.sql = node.sql;
    return query;
  }

 private:
  /// The nodes before `node` that it reads, directly or through others, in their order.
  static std::vector<const Node*> needed_nodes(const Pipe& pipe, const Node& node) {
    std::vector<const Node*> earlier;
    for (const Node& candidate : pipe.nodes) {
      if (candidate.name == node.name) break;
      earlier.push_back(&candidate);
    }
    std::set<std::string> wanted = lower_words(node.sql);
    std::vector<const Node*> needed;
    for (auto at = earlier.rbegin(); at != earlier.rend(); ++at) {
      if (!wanted.contains(ascii_lower((*at)->name))) continue;
      needed.push_back(*at);
      wanted.merge(lower_words((*at)->sql));
    }
    std::reverse(needed.begin(), needed.end());
    return needed;
  }

  static std::set<std::string> lower_words(const std::string& sql) {
    std::set<std::string> words;
    for (const std::string& word : words_in(sql)) words.insert(ascii_lower(word));
    return words;
  }

  void add_pipes_of(const std::string& sql) {
    for (const std::string& word : pipes_.names_among(lower_words(sql))) {
      // A pipe is not visible to itself, nor to what it reads: there the word is a column, or a
      // table of that name. A real circle so ends as "no such table".
      const bool open = std::find(open_.begin(), open_.end(), word) != open_.end();
      if (!done_.contains(word) && !open) add_pipe(word);
    }
  }

  void add_pipe(const std::string& name) {
    check_depth(name);
    std::optional<Pipe> pipe = pipes_.find(name);
    if (!pipe || pipe->nodes.empty()) return;
    open_.push_back(name);
    const Node& result = pipe->nodes.back();
    std::string sql;
    for (const Node* node : needed_nodes(*pipe, result)) {
      check_capture(*pipe, node->sql);
      add_pipes_of(node->sql);
      sql += (sql.empty() ? "WITH " : ", ") + quote_identifier(node->name) + " AS (\n" +
             strip_statement_end(node->sql) + "\n)";
    }
    check_capture(*pipe, result.sql);
    add_pipes_of(result.sql);
    const std::string last = strip_statement_end(result.sql);
    if (sql.empty()) {
      sql = last;
    } else {
      sql += ", " + quote_identifier(result.name) + " AS (\n" + last + "\n) SELECT * FROM " +
             quote_identifier(result.name);
    }
    views_.push_back({pipe->name, std::move(sql)});
    done_.insert(name);
    open_.pop_back();
  }

  /// Our nodes are views that every statement on the connection sees. SQL of another pipe that
  /// means a table of such a name would silently read our node instead.
  void check_capture(const Pipe& other, const std::string& sql) const {
    for (const std::string& word : lower_words(sql)) {
      if (!own_nodes_.contains(word) || other.find_node(word) != nullptr) continue;
      throw Error(ErrorCode::kInvalid,
                  "The pipe '" + other.name + "' has the word '" + word +
                      "' in its SQL, which is the name of a node of this pipe.",
                  "Rename the node, so that it can't be taken for a table that '" + other.name +
                      "' reads.");
    }
  }

  void check_depth(const std::string& name) const {
    if (open_.size() < limits::kPipeDepth) return;
    throw Error(ErrorCode::kInvalid,
                "Pipes read each other more than " + std::to_string(limits::kPipeDepth) +
                    " deep, down to '" + name + "'.",
                "Merge some of them.");
  }

  PipeStore& pipes_;
  std::vector<NamedQuery> views_;
  std::set<std::string> done_;
  std::set<std::string> own_nodes_;  ///< In lower case, of the pipe being resolved.
  std::vector<std::string> open_;
};

}  // namespace

Query resolve_query(const Pipe& pipe, const Node& node, PipeStore& pipes) {
  return Resolver(pipes).resolve(pipe, node);
}

}  // namespace sluice
