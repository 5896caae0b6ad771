"""What a file system may have on disk when the machine stops, made from the system calls of those who wrote.

The model promises no more than POSIX does:
- The bytes of a file are there as far as an fsync or fdatasync of it (or a syncfs) covered them; what was written since may be
  missing.
- A name (made, linked, renamed, removed) is there once its folder was synced; until then the folder may have what it had before.
- A rename is whole or not at all.
`image()` gives one of the states that may be found: `least` has only what is certain; `names` every name, but only certain bytes
(what a file system does that journals its names first); `bytes` the reverse; `journals` everything but the bytes of journals that are
not certain; a number draws for each name and file by itself."""
import os
import pathlib
import random
import re
import subprocess

CALLS = ("openat,write,writev,pwrite64,ftruncate,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,fsync,"
         "fdatasync,syncfs")


class File:
    def __init__(self, content=b"", is_certain=False):
        self.content = bytearray(content)
        self.certain = bytes(content) if is_certain else b""
        self.changed = 0.0


class Folder:
    def __init__(self):
        self.entries = {}
        self.certain = {}
        self.changed = 0.0


class Disk:
    def __init__(self, root):
        self.root = pathlib.Path(root).resolve()
        self.top = self._load(self.root)
        self.unnamed = {}  # files that are open still, by the name they had

    def _load(self, path):
        node = Folder()
        for each in path.iterdir():
            node.entries[each.name] = self._load(each) if each.is_dir() else File(each.read_bytes(), is_certain=True)
            node.entries[each.name].changed = each.stat().st_mtime
        node.certain = dict(node.entries)
        return node

    def _parts(self, path):
        path = pathlib.Path(os.path.normpath(self.root / path))
        return path.relative_to(self.root).parts if path.is_relative_to(self.root) else None

    def _find(self, parts):
        node = self.top
        for part in parts:
            node = node.entries.get(part) if isinstance(node, Folder) else None
        return node

    def _node(self, path):
        parts = self._parts(path)
        if parts is None:
            return None
        return self._find(parts) or self.unnamed.get(parts)

    def _set(self, path, node, at):
        parts = self._parts(path)
        if parts is None:
            return
        folder = self._find(parts[:-1])
        if node is None:
            gone = folder.entries.pop(parts[-1], None)
            if isinstance(gone, File):
                self.unnamed[parts] = gone
        else:
            folder.entries[parts[-1]] = node
        folder.changed = at

    def apply(self, call, at):
        """One call that succeeded: (name, arguments, result path or None)."""
        name, words, result = call
        if name == "openat":
            node = self._node(result)
            if node is None and "O_CREAT" in words[2] and self._parts(result) is not None:
                self._set(result, File(), at)
            elif isinstance(node, File) and "O_TRUNC" in words[2]:
                node.content.clear()
        elif name in ("write", "writev", "pwrite64"):
            node = self._node(words[0])
            if isinstance(node, File):
                place = int(words[3]) if name == "pwrite64" else len(node.content)
                node.content.extend(bytes(max(0, place - len(node.content))))
                node.content[place:place + len(words[1])] = words[1]
                node.changed = at
        elif name == "ftruncate":
            if isinstance(node := self._node(words[0]), File):
                del node.content[int(words[1]):]
                node.content.extend(bytes(int(words[1]) - len(node.content)))
        elif name in ("rename", "link"):
            node = self._node(words[0])
            if node is not None:
                self._set(words[1], node, at)
                if name == "rename":
                    self._set(words[0], None, at)
        elif name in ("unlink", "rmdir"):
            if self._node(words[0]) is not None:
                self._set(words[0], None, at)
        elif name == "mkdir":
            self._set(words[0], Folder(), at)

    def covered(self, call):
        """What a sync that begins now makes certain, for `make_certain` when it has ended."""
        name, words, _ = call
        nodes = self._all(self.top) if name == "syncfs" else [self._node(words[0])]
        return [(node, dict(node.entries) if isinstance(node, Folder) else bytes(node.content)) for node in nodes if node]

    @staticmethod
    def make_certain(covered):
        for node, state in covered:
            node.certain = state

    def _all(self, node):
        yield node
        for below in node.entries.values() if isinstance(node, Folder) else ():
            yield from self._all(below)

    def image(self, how, target):
        """Writes the state `how` below `target`."""
        draw = random.Random(how) if isinstance(how, int) else None
        self._write(self.top, pathlib.Path(target), how, draw)

    def _write(self, node, path, how, draw):
        if isinstance(node, File):
            has_all = how == "bytes" or how == "journals" and path.suffix != ".journal"
            content = node.content if has_all else node.certain
            if draw and node.content.startswith(node.certain):
                content = node.content[:draw.randint(len(node.certain), len(node.content))]
            elif draw:
                content = draw.choice([node.content, node.certain])
            path.write_bytes(content)
        else:
            path.mkdir(exist_ok=True)
            for name, below in sorted(self._entries(node, how, draw).items()):
                if not name.endswith("-shm"):  # lives in memory
                    self._write(below, path / name, how, draw)
        os.utime(path, (node.changed, node.changed))

    @staticmethod
    def _entries(folder, how, draw):
        if how in ("names", "journals"):
            return folder.entries
        if not draw:
            return folder.certain
        chosen = {}
        for name in sorted(folder.entries.keys() | folder.certain.keys()):
            kept = draw.choice([folder.entries, folder.certain]).get(name)
            if kept:
                chosen[name] = kept
        return chosen


def record(words, trace, **more):
    """Runs a command and notes its calls in the file `trace`."""
    return subprocess.run(["strace", "-f", "-qq", "-y", "-xx", "-ttt", "-s", "10000000", "-o", trace, "-e", f"trace={CALLS}", "-e",
                           "signal=none", *words], **more)


_LINE = re.compile(r"(\d+) +([\d.]+) (.*)")
_ARGUMENT = re.compile(r'\s*(?:"((?:\\x[0-9a-f]{2})*)"|[\w|-]*<((?:\\x[0-9a-f]{2})*)>(?:\(deleted\))?|([^,]+))')


def _text(escaped):
    return bytes.fromhex(escaped.replace("\\x", ""))


def _arguments(text):
    words = []
    for found in _ARGUMENT.finditer(text):
        quoted, path, plain = found.groups()
        if quoted is not None:
            words.append(_text(quoted))
        elif path is not None:
            words.append(_text(path).decode())
        elif plain.strip():
            words.append(plain.strip())
    return words


def _call(text):
    """(name, arguments, path of the result) of a finished call, None of one that failed."""
    found = re.match(r"(\w+)\((.*)\) += (-?\d+)(?:<((?:\\x[0-9a-f]{2})*)>)?", text, re.S)
    if not found or int(found[3]) < 0:
        return None
    name, words = found[1], _arguments(found[2])
    if name in ("write", "pwrite64"):
        words[1] = words[1][:int(found[3])]
    if name == "writev":
        words[1] = b"".join(_text(part) for part in re.findall(r'iov_base="((?:\\x[0-9a-f]{2})*)"', found[2]))[:int(found[3])]
    if name == "unlinkat" and "AT_REMOVEDIR" in words[-1]:
        name = "rmdir"
    if name in ("renameat", "renameat2", "linkat"):
        name, words = name[:name.index("at")], [_join(words[0], words[1]), _join(words[2], words[3])]
    elif name in ("unlinkat", "mkdirat") or (name == "rmdir" and len(words) > 1):
        name, words = name.removesuffix("at"), [_join(words[0], words[1])]
    elif name in ("rename", "link", "unlink", "mkdir", "rmdir"):
        words = [word.decode() if isinstance(word, bytes) else word for word in words]
    return name, words, _text(found[4]).decode() if found[4] else None


def _join(folder, name):
    return os.path.join(folder, name.decode())


def calls(trace):
    """The calls of a trace, in order: (process, time, 'begin' or 'end', call). A sync begins and ends, all others only end."""
    unfinished = {}
    for line in pathlib.Path(trace).read_text().splitlines():
        process, at, text = _LINE.match(line).groups()
        if text.endswith("<unfinished ...>"):
            unfinished[process] = text.removesuffix("<unfinished ...>")
            if text.startswith(("fsync", "fdatasync", "syncfs")):
                yield process, float(at), "begin", _call(unfinished[process].rstrip() + ") = 0")
            continue
        begun = None
        if resumed := re.match(r"<\.\.\. \w+ resumed>(.*)", text, re.S):
            begun = unfinished.pop(process)
            text = begun + resumed[1]
        call = _call(text)
        if call is None:
            continue
        if call[0] in ("fsync", "fdatasync", "syncfs") and begun is None:
            yield process, float(at), "begin", call
        yield process, float(at), "end", call
