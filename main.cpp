#include <exception>
#include <iostream>
#include <optional>

#include "app.h"
#include "base/memory.h"
#include "config.h"

int main(int argc, char** argv) {
  try {
    sluice::configure_memory();
    int exit_status = 0;
    const std::optional<sluice::Config> config = sluice::read_config(argc, argv, exit_status);
    if (!config) return exit_status;
    return sluice::serve(*config);
  } catch (const std::exception& error) {
    std::cerr << "sluice: " << error.what() << "\n";
    return 1;
  }
}
