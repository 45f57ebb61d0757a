#include "format/nested_cast.h"

#include <gtest/gtest.h>
