#include "catalog/connection_trial.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "base/error.h"

namespace sluice {
namespace {

using Outcome = ConnectionTrial::Outcome;

std::string folder_of(const std::string& prefix) { return prefix.empty() ? "" : prefix + "/"; }

/// Runs the steps in order; after a failure the others are skipped.
class Trial {
 public:
  Trial(ObjectStore& store, const std::string& prefix, Random& random)
      : store_(store),
        prefix_(prefix),
        key_(folder_of(prefix) + ".sluice-test-" + random.hex(8)),
        job_id_("test-" + random.hex(8)) {}

  ConnectionTrial run() {
    step("list", [this] { return list(); });
    bool may_delete = false;
    step("write", [this, &may_delete] {
      may_delete = this->may_delete();
      return may_delete ? write() : probe();
    });
    if (written_) {
      step("delete", [this] { return remove(); });
    } else {
      report_.steps.push_back({"delete", Outcome::kSkipped,
                               report_.failed() != nullptr
                                   ? "not reached"
                                   : "deleting is not allowed, and no sink needs it"});
    }
    return std::move(report_);
  }

 private:
  void step(const std::string& name, const std::function<std::string()>& act) {
    ConnectionTrial::Step step{name, Outcome::kSkipped, "not reached"};
    if (report_.failed() == nullptr) {
      try {
        step.detail = act();
        step.outcome = Outcome::kOk;
      } catch (const Error& error) {
        step.detail = error.what();
        step.outcome = Outcome::kFailed;
      }
    }
    report_.steps.push_back(std::move(step));
  }

  std::string list() {
    std::string first = "it is empty";
    store_.list(folder_of(prefix_), [&](const ObjectInfo& info) {
      first = "it begins with " + info.key;
      return false;
    });
    return "the path was listed: " + first;
  }

  /// Asked of an object that is not there, so that nothing has to be written first.
  bool may_delete() {
    try {
      store_.remove(key_);
      return true;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kForbidden) return false;
      throw;
    }
  }

  std::string probe() {
    store_.probe(prefix_);
    return "an upload was begun and aborted";
  }

  std::string write() {
    StageOptions options;
    options.job_id = job_id_;
    options.content_type = "text/plain";
    try {
      const auto object = store_.stage(key_, options);
      object->write("Sluice tries a connection.\n");
      object->finish();
      store_.publish(object->ticket());
    } catch (const Error&) {
      store_.remove_staging(job_id_);
      throw;
    }
    written_ = true;
    store_.remove_staging(job_id_);
    return "the object " + key_ + " was written and looked at";
  }

  std::string remove() {
    store_.remove(key_);
    if (store_.head(key_)) {
      throw Error(ErrorCode::kConflict,
                  "The object " + key_ + " is still there after it was deleted.",
                  "Delete it by hand.");
    }
    return "the object was deleted again";
  }

  ObjectStore& store_;
  const std::string prefix_;
  const std::string key_;
  const std::string job_id_;
  bool written_ = false;
  ConnectionTrial report_;
};

}  // namespace

const ConnectionTrial::Step* ConnectionTrial::failed() const {
  const auto found = std::find_if(steps.begin(), steps.end(), [](const Step& step) {
    return step.outcome == Outcome::kFailed;
  });
  return found == steps.end() ? nullptr : &*found;
}

ConnectionTrial try_connection(ObjectStore& store, const std::string& prefix, Random& random) {
  return Trial(store, prefix, random).run();
}

}  // namespace sluice
