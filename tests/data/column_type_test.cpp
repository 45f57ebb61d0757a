#include "data/column_type.h"

#include <gtest/gtest.h>
