#include "catalog/query_resolver.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "domain/clickhouse_text.h"
#include "domain/sql_template.h"
#include "domain/sql_text.h"
#include "domain/variable.h"

namespace sluice {
namespace {

/// A template refuses its samples.
struct Refused {};

/// A node that others may read, with its SQL filled in.
struct FilledNode {
  std::string name;
  std::string sql;
};

/// Collects the views for one statement. Words are a superset of the names a statement reads, so a
/// view too many may come; it costs a line of DDL and is never looked at.
class Resolver {
 public:
  /// Without parameters samples stand for them.
  Resolver(PipeStore& pipes, const RunVariables* parameters)
      : pipes_(pipes), parameters_(parameters) {}

  /// `over`: the pipe that `_` stands for, or null.
  Query resolve(const std::string& sql, const Pipe* over) {
    Query query;
    if (over != nullptr) {
      engine_ = result_node(*over)->engine;
    } else if (!SqlTemplate::is_template(sql)) {
      engine_ = engine_of_pipes(sql);
    }
    query.sql = filled(sql);
    add_pipes_of(query.sql);
    if (over != nullptr) {
      open_.push_back(ascii_lower(over->name));
      std::string result = result_sql(*over, *result_node(*over));
      views_.push_back({kResultView, std::move(result)});
    }
    return finished(std::move(query));
  }

  Query resolve(const Pipe& pipe, const Node& node) {
    open_.push_back(ascii_lower(pipe.name));
    engine_ = node.engine;
    Query query;
    query.sql = filled(node.sql, Whose::kNode);
    const std::vector<FilledNode> needed = needed_nodes(pipe, node, query.sql);
    for (const FilledNode& earlier : needed) own_nodes_.insert(ascii_lower(earlier.name));
    for (const FilledNode& earlier : needed) {
      add_pipes_of(earlier.sql);
      views_.push_back({earlier.name, earlier.sql});
    }
    add_pipes_of(query.sql);
    return finished(std::move(query));
  }

 private:
  /// Whose SQL it is: stored nodes may ask for secrets, since ADMIN alone makes such ones, and what
  /// a caller brings along may not.
  enum class Whose { kCaller, kNode };

  Query finished(Query query) {
    query.views = std::move(views_);
    query.secrets = std::move(secrets_);
    query.engine = engine_;
    if (query.engine.empty() || query.secrets.empty()) return query;
    throw Error(ErrorCode::kForbidden,
                "The SQL uses a secret (tb_secret) on the cluster '" + engine_ + "'.",
                "The cluster would write it to its log of queries. Keep the secret there, for "
                "example as a named collection.");
  }

  /// Of a statement of no pipe: where the first pipe runs that it reads.
  std::string engine_of_pipes(const std::string& sql) {
    for (const TableName& table : tables_in(sql)) {
      const std::optional<Pipe> pipe = pipes_.find(table.table);
      if (pipe && !pipe->nodes.empty()) return pipe->nodes.back().engine;
    }
    return {};
  }

  /// Whether `sql` may read what runs on `engine`. Words are no proof that it does, so only a name
  /// behind a FROM is an error.
  bool is_here(const std::string& sql, const std::string& name, const std::string& engine) const {
    if (engine == engine_) return true;
    for (const TableName& table : tables_in(sql)) {
      if (ascii_lower(table.table) != ascii_lower(name)) continue;
      throw Error(ErrorCode::kInvalid,
                  "The SQL runs on " + shown_engine(engine_) + " and reads '" + name +
                      "', which runs on " + shown_engine(engine) + ".",
                  "Have both run on one engine, or let a sink carry the rows over.");
    }
    return false;
  }

  static std::string shown_engine(const std::string& engine) {
    return engine.empty() ? "the embedded engine" : "the cluster '" + engine + "'";
  }

  SqlDialect dialect() const { return dialect_of(engine_); }
  std::string body(const std::string& sql) const {
    return dialect() == SqlDialect::kSqlite ? strip_statement_end(sql) : clickhouse_body(sql);
  }
  std::string quoted(const std::string& name) const {
    return dialect() == SqlDialect::kSqlite ? quote_identifier(name)
                                            : quote_clickhouse_identifier(name);
  }

  /// Every SQL that comes into a query passes here, so no word of a user's calls for a secret.
  std::string filled(const std::string& sql, Whose whose = Whose::kCaller) {
    if (!SqlTemplate::is_template(sql)) {
      refuse_secrets(sql);
      return sql;
    }
    const SqlTemplate parsed = SqlTemplate::parse(sql);
    if (whose == Whose::kCaller && !parsed.secrets().empty()) {
      throw Error(ErrorCode::kForbidden, "The statement uses a secret (tb_secret).",
                  "Only nodes of pipes can; put it into one.");
    }
    for (const auto& [name, is_needed] : parsed.secrets()) secrets_[name] |= is_needed;
    if (parameters_ != nullptr) return parsed.render(*parameters_, dialect());
    std::optional<std::string> sample = parsed.render_sample({}, dialect());
    if (!sample) throw Refused();
    return *std::move(sample);
  }

  static void refuse_secrets(const std::string& sql) {
    if (ascii_lower(sql).find(kSecretFunction) == std::string::npos) return;
    throw Error(ErrorCode::kForbidden, "The SQL itself says 'tb_secret'.",
                "Begin it with % and write {{tb_secret('name')}} for a secret; for anything else "
                "choose another word.");
  }

  std::string filled(const Pipe& pipe, const Node& node) {
    try {
      return filled(node.sql, Whose::kNode);
    } catch (const Error& error) {
      throw error.within("Node '" + node.name + "' of the pipe '" + pipe.name + "'");
    }
  }

  /// The nodes before `node` that it reads, directly or through others, in their order. `sql` is
  /// the node's own, filled in.
  std::vector<FilledNode> needed_nodes(const Pipe& pipe, const Node& node, const std::string& sql) {
    std::vector<const Node*> earlier;
    for (const Node& candidate : pipe.nodes) {
      if (candidate.name == node.name) break;
      earlier.push_back(&candidate);
    }
    std::set<std::string> wanted = lower_words(sql);
    std::vector<FilledNode> needed;
    for (auto at = earlier.rbegin(); at != earlier.rend(); ++at) {
      if (!wanted.contains(ascii_lower((*at)->name))) continue;
      if (!is_here(sql, (*at)->name, (*at)->engine)) continue;
      needed.push_back({(*at)->name, filled(pipe, **at)});
      wanted.merge(lower_words(needed.back().sql));
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
      if (!done_.contains(word) && !open) add_pipe(word, sql);
    }
  }

  /// `sql` has its name among its words.
  void add_pipe(const std::string& name, const std::string& sql) {
    check_depth(name);
    std::optional<Pipe> pipe = pipes_.find(name);
    if (!pipe || pipe->nodes.empty()) return;
    if (!is_here(sql, name, pipe->nodes.back().engine)) return;
    open_.push_back(name);
    std::string result = result_sql(*pipe, pipe->nodes.back());
    views_.push_back({pipe->name, std::move(result)});
    done_.insert(name);
    open_.pop_back();
  }

  /// The pipe as one statement; the pipes that it reads are added.
  std::string result_sql(const Pipe& pipe, const Node& result) {
    const std::string result_sql = filled(pipe, result);
    std::string sql;
    for (const FilledNode& node : needed_nodes(pipe, result, result_sql)) {
      check_capture(pipe, node.sql);
      add_pipes_of(node.sql);
      sql +=
          (sql.empty() ? "WITH " : ", ") + quoted(node.name) + " AS (\n" + body(node.sql) + "\n)";
    }
    check_capture(pipe, result_sql);
    add_pipes_of(result_sql);
    const std::string last = body(result_sql);
    if (sql.empty()) return last;
    return sql + ", " + quoted(result.name) + " AS (\n" + last + "\n) SELECT * FROM " +
           quoted(result.name);
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
  const RunVariables* parameters_;
  std::string engine_;  ///< Of the statement, and so of all that it reads.
  std::vector<NamedQuery> views_;
  SecretNames secrets_;
  std::set<std::string> done_;
  std::set<std::string> own_nodes_;  ///< In lower case, of the pipe being resolved.
  std::vector<std::string> open_;
};

}  // namespace

const Node* result_node(const Pipe& pipe) {
  for (const Node& node : pipe.nodes) {
    if (node.type == NodeType::kEndpoint) return &node;
  }
  return pipe.nodes.empty() ? nullptr : &pipe.nodes.back();
}

Query resolve_statement(const std::string& sql, PipeStore& pipes, const RunVariables& parameters) {
  return Resolver(pipes, &parameters).resolve(sql, nullptr);
}

Query resolve_over(const Pipe& pipe, const std::string& sql, PipeStore& pipes,
                   const RunVariables& parameters) {
  if (pipe.nodes.empty()) {
    throw Error(ErrorCode::kInvalid, "The pipe '" + pipe.name + "' has no nodes.",
                "Add one first.");
  }
  return Resolver(pipes, &parameters).resolve(sql, &pipe);
}

Query resolve_query(const Pipe& pipe, const Node& node, PipeStore& pipes,
                    const RunVariables& parameters) {
  return Resolver(pipes, &parameters).resolve(pipe, node);
}

std::optional<Query> resolve_sample(const Pipe& pipe, const Node& node, PipeStore& pipes) {
  try {
    return Resolver(pipes, nullptr).resolve(pipe, node);
  } catch (const Refused&) {
    return std::nullopt;
  }
}

}  // namespace sluice
