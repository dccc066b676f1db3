"""On which line of a TOML file something stands. Python's reader gives a line for broken syntax only.

One pass over the text, never deeper than one stack; also over text that is no TOML at all. It stops at what is nested so
deep that reading it would cost more than any instrument is worth.
"""

import re

DEEPEST = 8  # brackets in brackets, or dots in a key; an instrument needs three
TOKEN = re.compile(
    r"""(?P<text>\"\"\"(?:(?s:\\.)|[^\\])*?\"\"\"|'''(?s:.)*?'''"""
    r"""|(?!\"\"\"|''')(?:"(?:\\.|[^"\\\n])*"|'[^'\n]*'))"""
    # What is never closed is no TOML: passed over at once, or every further quote would look for its end again.
    r"""|(?P<open>(?s:\"\"\".*|'''.*)|"(?:\\.|[^"\\\n])*\\?|'[^'\n]*)"""
    r"|(?P<comment>\#[^\n]*)|(?P<line>\n)|(?P<mark>[\[\]{}=,.])|(?P<word>[^\s\[\]{}=,.\"'\#]+)|(?P<rest>.)"
)


class TooDeep(Exception):
    def __init__(self, line):
        self.line = line
        super().__init__(f"line {line}")


def lines_of(text):
    """{path: line} of every table, list entry and key: ('factors', 4, 'indicators', 1, 'code'). Raises TooDeep."""
    return _Walk().walk(text)


class _Walk:
    def __init__(self):
        self.found, self.line, self.here = {}, 1, ()
        self.counts = {}  # how often [[name]] was met
        self.stack = []  # of the open brackets: [its path, the number of the entry or None for a table]
        self.key = []

    def walk(self, text):
        tokens = [(m.lastgroup, m.group()) for m in TOKEN.finditer(text)]
        place, begins = 0, True  # whether a key or a header can stand here
        while place < len(tokens):
            kind, token = tokens[place]
            if kind == "line":
                self.line += 1
                if not self.stack:
                    self.key, begins = [], True
            elif begins and token == "[" and not self.stack:
                place = self.header(tokens, place)
                begins = False
            elif kind in ("mark", "word", "text"):
                self.take(kind, token)
                begins = False
                self.line += token.count("\n")
            place += 1
        return self.found

    def header(self, tokens, place):
        """[name] or [[name]]: from here on keys belong there. Returns the place of its last token."""
        names, is_list = [], place + 1 < len(tokens) and tokens[place + 1][1] == "["
        while place < len(tokens) and tokens[place][0] not in ("line", "comment"):
            kind, token = tokens[place]
            if kind in ("word", "text"):
                names.append(token.strip("\"'"))
            place += 1
        self.check_depth(len(names))
        name = tuple(names)
        if is_list:
            number = self.counts[name] = self.counts.get(name, -1) + 1
            self.found.setdefault(name, self.line)
            name = (*name, number)
        self.here = name
        self.found.setdefault(name, self.line)
        return place - 1

    def base(self):
        """The path that a key or an entry here belongs to."""
        if not self.stack:
            return self.here
        path, number = self.stack[-1]
        return path if number is None else (*path, number)

    def take(self, kind, token):
        in_list = self.stack and self.stack[-1][1] is not None
        if token in ("[", "{") and kind == "mark":
            path = self.base() if in_list else (*self.base(), *self.key)
            self.found.setdefault(path, self.line)
            self.stack.append([path, 0 if token == "[" else None])
            self.key = []
            self.check_depth(len(self.stack))
        elif token in ("]", "}") and kind == "mark":
            if self.stack:
                self.stack.pop()
            self.key = []
        elif token == "," and kind == "mark":
            if in_list:
                self.stack[-1][1] += 1
            self.key = []
        elif token == "=" and kind == "mark":
            self.check_depth(len(self.key))
            self.found.setdefault((*self.base(), *self.key), self.line)
        elif kind in ("word", "text"):
            if in_list:
                self.found.setdefault(self.base(), self.line)
            elif (*self.base(), *self.key) not in self.found or not self.key:
                self.key.append(token.strip("\"'"))
                self.check_depth(len(self.key))

    def check_depth(self, depth):
        if depth > DEEPEST:
            raise TooDeep(self.line)
