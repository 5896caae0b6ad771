#!/usr/bin/env python3
"""Refuses what g++ 12 miscompiles, silently, about `co_await`:

- a braced or aggregate temporary inside a `co_await` expression: it is destroyed twice;
- `co_await` within `?:`, and in the condition of `if`, `while`, `for` and `switch` (what stands before the last `;`
  of the parentheses is no condition): temporaries are destroyed at the wrong time, or not at all.

Also refuses coroutine lambdas with captures, whose captures die before the coroutine does."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent / "src"
CLOSING = {"(": ")", "[": "]", "{": "}"}


def strip(text: str) -> str:
    """Comments and literals as blanks of the same length, so that positions stay."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)


def expression_after(text: str, start: int) -> str:
    """From `start` to the end of the expression that it stands in: a `;`, or the bracket that closes it."""
    depth = 0
    for i in range(start, len(text)):
        c = text[i]
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth < 0:
                return text[start:i]
        elif c == ";" and depth == 0:
            return text[start:i]
    return text[start:]


def levels_around(text: str, position: int):
    """The brackets around a position up to its statement, innermost first: for each where it opens (-1: the statement
    itself) and what stands in it before and after the position, the insides of other brackets left out."""
    begin = position
    while True:
        before, depth = [], 0
        at = begin - 1
        while at >= 0:
            c = text[at]
            if c in ")]}":
                # A block that ended is another statement.
                if c == "}" and depth == 0 and not re.match(r"\s*[,.)\]}?:]", text[at + 1 :]):
                    break
                depth += 1
            elif c in "([{":
                if depth == 0:
                    break
                depth -= 1
            elif depth == 0:
                before.append(c)
            at -= 1
        opens = at if at >= 0 and text[at] in "([" else -1
        after, depth, at = [], 0, begin
        while at < len(text):
            c = text[at]
            if c in "([{":
                depth += 1
            elif c in ")]}":
                depth -= 1
                if depth < 0:
                    break
            elif depth == 0:
                after.append(c)
                if c == ";" and opens < 0:
                    break
            at += 1
        yield opens, "".join(reversed(before)), "".join(after)
        if opens < 0:
            return
        begin = opens


def same_statement(before: str) -> str:
    return re.split(r"[;,]|\breturn\b|\bco_return\b|[^=!<>]=(?!=)", before)[-1]


def is_in_ternary(text: str, position: int) -> bool:
    for _, before, after in levels_around(text, position):
        if "?" in same_statement(before) or "?" in re.split(r"[;,]", after)[0]:
            return True
    return False


def is_in_condition(text: str, position: int) -> bool:
    for opens, before, after in levels_around(text, position):
        if opens < 0 or text[opens] != "(":
            continue
        keyword = re.search(r"\b(if|while|for|switch)\s*(?:constexpr\s*)?$", text[:opens])
        if not keyword:
            continue
        statements_behind = after.count(";")
        is_first = before.count(";") == 0
        return not (is_first and statements_behind >= (2 if keyword.group(1) == "for" else 1))
    return False


def problems_in(text: str):
    """Pairs of a line and what is wrong there."""
    text = strip(text)
    problems = []

    def add(position, message):
        problems.append((text.count("\n", 0, position) + 1, message))

    for match in re.finditer(r"\bco_await\b", text):
        expression = expression_after(text, match.end())
        # A brace that a lambda's parameter list or specifiers precede is a body, not a temporary.
        for brace in re.finditer(r"\{", expression):
            before = expression[: brace.start()].rstrip()
            if re.search(r"\]\s*(\([^()]*\))?\s*(mutable|noexcept|->[^{]*)?$", before):
                continue
            add(match.end() + brace.start(), "a braced temporary inside co_await; name it first")
            break
        if is_in_ternary(text, match.start()):
            add(match.start(), "co_await within ?:; use if, or name the result first")
        if is_in_condition(text, match.start()):
            add(match.start(), "co_await in a condition; name the result first")
    for match in re.finditer(r"\[([^\]\n]+)\]\s*\([^()]*\)\s*(?:mutable\s*)?->\s*(?:Task|asio::awaitable)\b", text):
        add(match.start(), "a coroutine lambda with captures; make it a function")
    return problems


def main() -> int:
    found = [f"{source.relative_to(ROOT)}:{line}: {message}"
             for source in sorted(ROOT.rglob("*")) if source.suffix in {".h", ".cc"}
             for line, message in problems_in(source.read_text())]
    print("\n".join(found) if found else "nothing about co_await that g++ 12 gets wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
