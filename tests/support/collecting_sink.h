#pragma once

#include <gtest/gtest.h>

#include <string>

#include "data/byte_sink.h"

namespace sluice {

/// Keeps what is written; fails the test when it is written to or finished after `finish`.
class CollectingSink final : public ByteSink {
 public:
  void write(std::string_view bytes) override {
    EXPECT_EQ(finished, 0) << "written to after finish";
    text += bytes;
    ++writes;
  }
  void finish() override { EXPECT_EQ(++finished, 1) << "finished twice"; }

  std::string text;
  int writes = 0;
  int finished = 0;
};

}  // namespace sluice
