#include "data/time_text.h"

#include <gtest/gtest.h>
