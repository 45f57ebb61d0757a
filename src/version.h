#pragma once

namespace sluice {

/// Semantic version (semver.org); CMake checks that it is the project's.
inline constexpr const char* kVersion = "0.1.0";

}  // namespace sluice
