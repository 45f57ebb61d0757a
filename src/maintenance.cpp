#include "maintenance.h"

#include <filesystem>
#include <iostream>

#include "base/encoding.h"
#include "base/error.h"
#include "state/backup.h"
#include "state/connection_store.h"

namespace sluice {
namespace {

void change_given_key(const Config& config, StateDatabase& state, Random& random) {
  if (config.new_secret_key.empty()) {
    throw Error(ErrorCode::kInvalid,
                "The secret key is given as SLUICE_SECRET_KEY, and the new one is not.",
                "Give it as SLUICE_NEW_SECRET_KEY, for example of: openssl rand -hex 32");
  }
  ConnectionStore(state, config.secret_key, random).change_key(config.new_secret_key);
  std::cout << "The stored secrets are sealed with the new key: start Sluice with that as "
               "SLUICE_SECRET_KEY from now on.\n";
}

void change_kept_key(const DataFolder& folder, StateDatabase& state, Random& random) {
  ConnectionStore connections(state, settled_key(folder, state, {}, random), random);
  // The new key is on the disk before anything needs it.
  connections.change_key(folder.make_next_secret_key(random));
  folder.adopt_next_secret_key();
  std::cout << "The stored secrets are sealed with a new key, which is in "
            << folder.secret_key_file() << ". Copies of the old one open only older backups.\n";
}

}  // namespace

void back_up(const Config& config) {
  const std::string state = config.data_dir + "/state.db";
  const BackupFigures figures = back_up_state(state, config.backup_file);
  std::cout << "Copied " << figures.pipes << " pipes, " << figures.connections
            << " connections and " << figures.jobs << " jobs to " << config.backup_file << " ("
            << figures.bytes << " bytes).\nThe key of stored secrets is not in it: keep "
            << config.data_dir
            << "/secret.key (or SLUICE_SECRET_KEY) in another place. Nor are the rows "
            << "of data sources, which are in " << config.data_dir << "/warehouse.db.\n";
}

void rotate_key(const Config& config) {
  if (!std::filesystem::exists(config.data_dir + "/state.db")) {
    throw Error(ErrorCode::kNotFound, "There is no state database in " + config.data_dir + ".",
                "Give the server's --data-dir.");
  }
  const DataFolder folder(config.data_dir);
  StateDatabase state(folder.state());
  const std::unique_ptr<Random> random = make_system_random();
  if (config.secret_key.empty()) {
    change_kept_key(folder, state, *random);
  } else {
    change_given_key(config, state, *random);
  }
}

Secret settled_key(const DataFolder& folder, StateDatabase& state, const Secret& given,
                   Random& random) {
  if (!given.empty()) return given;
  if (const std::optional<Secret> next = folder.next_secret_key()) {
    if (ConnectionStore(state, *next, random).is_sealed_with(*next).value_or(false)) {
      folder.adopt_next_secret_key();
    } else {
      folder.drop_next_secret_key();
    }
  }
  return folder.secret_key(random);
}

}  // namespace sluice
