#include "yaml/parse.h"

#include <gtest/gtest.h>
