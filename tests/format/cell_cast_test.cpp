#include "format/cell_cast.h"

#include <gtest/gtest.h>
