#pragma once

#include <memory>

#include "object_store/object_store.h"

namespace sluice {

/// Is told when a thread goes into a store and when it is back: in between it waits for a network
/// or a disk. Called by several threads. `end_call` may block, and must not throw.
class StoreWatch {
 public:
  virtual ~StoreWatch() = default;
  virtual void begin_call() = 0;
  virtual void end_call() = 0;
};

/// `store`, every call of which, and of its staged objects, `watch` is told of. `watch` must
/// outlive it.
std::unique_ptr<ObjectStore> make_watched_store(std::unique_ptr<ObjectStore> store,
                                                StoreWatch& watch);

}  // namespace sluice
