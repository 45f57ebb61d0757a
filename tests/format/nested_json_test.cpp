#include "format/nested_json.h"

#include <gtest/gtest.h>
