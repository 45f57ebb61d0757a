#include <exception>
#include <iostream>
#include <optional>

#include "app.h"
#include "base/memory.h"
#include "config.h"
#include "maintenance.h"

int main(int argc, char** argv) {
  try {
    sluice::configure_memory();
    sluice::forbid_core_dumps();
    int exit_status = 0;
    const std::optional<sluice::Config> config = sluice::read_config(argc, argv, exit_status);
    if (!config) return exit_status;
    switch (config->command) {
      case sluice::Command::kServe:
        return sluice::serve(*config);
      case sluice::Command::kBackup:
        sluice::back_up(*config);
        return 0;
      case sluice::Command::kRotateKey:
        sluice::rotate_key(*config);
        return 0;
    }
  } catch (const std::exception& error) {
    std::cerr << "sluice: " << error.what() << "\n";
    return 1;
  }
}
