#include "format/json_values.h"

#include <gtest/gtest.h>
