#include "pipeline/key_reservations.h"

namespace sluice {

KeyReservations::Holder::~Holder() {
  std::lock_guard lock(owner_.mutex_);
  for (const std::string& name : taken_) owner_.names_.erase(name);
}

bool KeyReservations::Holder::take(const std::string& key) {
  std::string name = place_ + '\n' + key;
  std::lock_guard lock(owner_.mutex_);
  if (!owner_.names_.insert(name).second) return false;
  taken_.push_back(std::move(name));
  return true;
}

}  // namespace sluice
