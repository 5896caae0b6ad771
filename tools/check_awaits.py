#!/usr/bin/env python3
"""Refuses braced and aggregate temporaries inside a `co_await` expression: g++ 12 destroys them twice, silently.

Looks from each `co_await` to the end of its full expression for a `{` that is no lambda body or block. Also refuses
coroutine lambdas with captures, whose captures die before the coroutine does."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent / "src"


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


problems = []
for source in sorted(root.rglob("*")):
    if source.suffix not in {".h", ".cc"}:
        continue
    text = strip(source.read_text())
    for match in re.finditer(r"\bco_await\b", text):
        expression = expression_after(text, match.end())
        # A brace that a lambda's parameter list or specifiers precede is a body, not a temporary.
        for brace in re.finditer(r"\{", expression):
            before = expression[: brace.start()].rstrip()
            if re.search(r"\]\s*(\([^()]*\))?\s*(mutable|noexcept|->[^{]*)?$", before):
                continue
            line = text.count("\n", 0, match.end() + brace.start()) + 1
            problems.append(f"{source.relative_to(root)}:{line}: a braced temporary inside co_await; name it first")
            break
    for match in re.finditer(r"\[([^\]\n]+)\]\s*\([^()]*\)\s*(?:mutable\s*)?->\s*(?:Task|asio::awaitable)\b", text):
        line = text.count("\n", 0, match.start()) + 1
        problems.append(f"{source.relative_to(root)}:{line}: a coroutine lambda with captures; make it a function")

print("\n".join(problems) if problems else "no braced temporary inside co_await")
sys.exit(1 if problems else 0)
