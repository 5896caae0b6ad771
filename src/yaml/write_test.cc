#include "yaml/write.h"

#include <gtest/gtest.h>
