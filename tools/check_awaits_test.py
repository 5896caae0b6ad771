#!/usr/bin/env python3
"""What check_awaits.py refuses, and what it lets pass."""
import unittest

from check_awaits import problems_in

BRACED = "a braced temporary inside co_await; name it first"
TERNARY = "co_await within ?:; use if, or name the result first"
CONDITION = "co_await in a condition; name the result first"
LAMBDA = "a coroutine lambda with captures; make it a function"


class CheckAwaitsTest(unittest.TestCase):
    def expect(self, code, *messages):
        self.assertEqual([message for _, message in problems_in(code)], list(messages), code)

    def test_plain_awaits_pass(self):
        self.expect("auto x = co_await f(a, b[1]);")
        self.expect("SWAMP_CO_TRY(auto x, co_await f(std::move(a)));")
        self.expect("if (ready) co_return co_await f();")
        self.expect("if (ready) {\n  co_await f();\n}\nfor (;;) {\n  co_await g();\n}")
        self.expect("co_await f([] { return 1; });")
        self.expect("// if (co_await x) y ? co_await z : {}\nauto s = \"co_await ? {\";")

    def test_braced_temporaries(self):
        self.expect("co_await f(Options{.a = 1});", BRACED)
        self.expect("co_await f({1, 2});", BRACED)

    def test_ternaries(self):
        self.expect("auto x = a ? co_await f() : b;", TERNARY)
        self.expect("auto x = a ? b : co_await f();", TERNARY)
        self.expect("co_return co_await f() ? 1 : 2;", TERNARY)
        self.expect("auto x = a ? g(1, co_await f()) : b;", TERNARY)
        self.expect("SWAMP_CO_TRY(x, a ? co_await f() : co_await g());", TERNARY, TERNARY)
        self.expect("const int n = a ? 1 : 2;\nco_await f(n);")
        self.expect("f(a ? 1 : 2, co_await g());")
        self.expect("auto task = a ? f() : g();\nauto x = co_await std::move(task);")

    def test_a_ternary_in_what_is_awaited_is_no_harm(self):
        self.expect("co_await f(a ? 1 : 2);")

    def test_conditions(self):
        self.expect("if (co_await f()) g();", CONDITION)
        self.expect("if (a || co_await f()) g();", CONDITION)
        self.expect("if (!g(1, co_await f())) h();", CONDITION)
        self.expect("while (co_await f()) g();", CONDITION)
        self.expect("switch (co_await f()) {}", CONDITION)
        self.expect("if (const auto x = co_await f()) g();", CONDITION)
        self.expect("if (auto x = g(); co_await f(x)) h();", CONDITION)
        self.expect("for (int i = 0; co_await f(i); ++i) g();", CONDITION)
        self.expect("for (auto x : co_await f()) g();", CONDITION)

    def test_what_stands_before_a_condition_passes(self):
        self.expect("if (auto x = co_await f(); !x) g();")
        self.expect("for (auto x = co_await f(); x; ++x) g();")

    def test_lambdas_with_captures(self):
        self.expect("auto f = [x](int y) -> Task<> { co_return; };", LAMBDA)
        self.expect("auto f = [](int y) -> Task<> { co_return; };")

    def test_lines_are_told(self):
        self.assertEqual(problems_in("a;\n\nif (co_await f()) g();"), [(3, CONDITION)])


if __name__ == "__main__":
    unittest.main()
