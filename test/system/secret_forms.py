"""The forms in which a text can be seen, and a search for them in files and in what programs print."""
import base64
import json
import pathlib
import re
import urllib.parse

LEAST_FIXED = 8  # an encoded form counts where the text fixes at least so many of its characters
WINDOW = 48  # of a long text, pieces of this size stand for the whole
ANSI = re.compile(rb"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|[()][A-Z0-9]|[=>78])")


def lower_percents(text):
    return re.sub("%[0-9A-F]{2}", lambda found: found.group().lower(), text)


def base64_slices(data):
    """What `data` fixes of the base64 of something that holds it, for the three places where it can begin."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + data)
        fixed = whole[(before * 8 + 5) // 6:(before + len(data)) * 8 // 6]
        yield fixed
        yield fixed.replace(b"+", b"-").replace(b"/", b"_")


def encoded_forms(text):
    data = text.encode()
    yield data.hex().encode()
    yield data.hex().upper().encode()
    yield from base64_slices(data)


def escaped_forms(text):
    for ascii_only in (True, False):
        yield json.dumps(text, ensure_ascii=ascii_only)[1:-1].encode()
    for quoted in (urllib.parse.quote(text, safe=""), urllib.parse.quote(text), urllib.parse.quote_plus(text)):
        yield quoted.encode()
        yield lower_percents(quoted).encode()


def pieces(text):
    """The text, or of a long one pieces from all over it; and each of its lines."""
    if len(text) <= 4 * WINDOW:
        yield text
    else:
        step = max(WINDOW, len(text) // 12)
        yield from (text[at:at + WINDOW] for at in range(0, len(text) - WINDOW, step))
    lines = [line for line in text.split("\n") if len(line) >= LEAST_FIXED]
    if len(lines) > 1:
        yield from lines


class Needles:
    """Everything that must not be seen of some texts, by name."""

    def __init__(self, texts):
        self.plain = {}  # bytes to look for -> name
        self.joined = {}  # the same, in what is left of a file without blanks and line ends
        for name, text in texts.items():
            if len(text) < 3:
                continue
            for piece in pieces(text):
                self.plain[piece.encode()] = f"{name}, plain"
                for form in escaped_forms(piece):
                    # An escaped form that is the text itself is no shorter than the text.
                    if len(form) >= LEAST_FIXED or form == piece.encode():
                        self.plain[form] = f"{name}, escaped"
                for form in encoded_forms(piece):
                    if len(form) >= LEAST_FIXED:
                        self.plain[form] = f"{name}, encoded"
                        if len(form) >= 2 * LEAST_FIXED:
                            self.joined[form] = f"{name}, encoded over line ends"
                if len(piece) >= 2 * LEAST_FIXED and not re.search(r"[\s\\]", piece):
                    self.joined[piece.encode()] = f"{name}, over line ends"

    def seen_in(self, content):
        """Names of what stands in these bytes, in any form."""
        bare = ANSI.sub(b"", content)
        # Text within JSON within text: escapes of line ends go too, and doubled backslashes.
        joined = re.sub(rb"\\+[nrt]|[\s\\]+", b"", bare)
        seen = {what for needle, what in self.plain.items() if needle in content or needle in bare}
        return seen | {what for needle, what in self.joined.items() if needle in joined}

    def seen_below(self, folder):
        """(file, name) of what is seen below a folder, in names of files too."""
        found = []
        for path in sorted(pathlib.Path(folder).rglob("*")):
            names = self.seen_in(str(path.relative_to(folder)).encode())
            if path.is_symlink():
                names |= self.seen_in(str(path.readlink()).encode())
            elif path.is_file():
                names |= self.seen_in(path.read_bytes())
            found += [(str(path), name) for name in sorted(names)]
        return found
