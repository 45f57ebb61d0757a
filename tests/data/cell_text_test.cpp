#include "data/cell_text.h"

#include <gtest/gtest.h>
