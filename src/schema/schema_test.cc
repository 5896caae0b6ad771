#include "schema/schema.h"

#include <gtest/gtest.h>
