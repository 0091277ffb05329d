"""Our text, written so that GOV.UK Notify shows it as it stands.

Notify reads what it is given as Markdown of its own kind: a line that begins with `#`, `^`, `*`, `•`, `-` or
`1.` becomes a heading, a quotation or a list, a table disappears, and `[words](address)` hides an address.
Nobody's words may turn into any of that. Addresses that are written out stay links.
"""

from __future__ import annotations

import re

# It has no width, and a line that begins with it begins nothing else.
_NOTHING = "\u200b"
# Notify takes these away after it was given them, so that what follows would begin the line.
_TAKEN_AWAY = re.compile("[\u3164\x00-\x08\x0e-\x1f\x7f]")
_LINE_END = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029\u2424]")
_ADDRESS = re.compile(r"https?://[^\s<>]*")
_INDENT = re.compile("[ \u00a0]*")
# Notify takes a dash between blanks for one inside a sentence, and a line end for a blank.
_DASHES = ("-", "–", "—")
_BEGINNINGS = (*_DASHES, "+", "^", "•", "=")
_BEGINS_WITH_NUMBER = re.compile(r"(\d+)\.")
_MARK = re.compile(r"[&<>]|[\\`*_\[\]#|~]|\((?=\()|(?<=\()\(")
# A backslash is read twice: by Markdown, and by what turns straight quotation marks into curly ones.
_MEANING = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\\": f"\\\\{_NOTHING}"}


def body_for_notify(text: str) -> str:
    """Return a text as the value of a template's ((body)): whatever is in it is shown, and does nothing."""
    lines = _LINE_END.sub("\n", _TAKEN_AWAY.sub("", text)).expandtabs(4).split("\n")
    return "\n".join(_line(line.rstrip(" \u00a0")) for line in lines).strip("\n")


def subject_for_notify(subject: str) -> str:
    """Return a subject as the value of ((subject)). It is no Markdown; brackets like a blank's are parted."""
    # Twice: of three brackets the first pass parts two.
    return _TAKEN_AWAY.sub("", subject).replace("((", f"({_NOTHING}(").replace("((", f"({_NOTHING}(")


def _line(line: str) -> str:
    indent = len(_INDENT.match(line)[0])  # type: ignore[index]
    # Four spaces would make it program code; these are kept, and begin nothing.
    return "&nbsp;" * indent + _begun(_inside(line[indent:]))


def _begun(line: str) -> str:
    """Keep a line from beginning a list, a quotation, a rule or a heading, and being joined to others."""
    if line.endswith(_DASHES):
        line += _NOTHING
    if line.startswith(_BEGINNINGS):
        return f"{_NOTHING}{line}"
    return _BEGINS_WITH_NUMBER.sub(r"\1\\.", line, count=1) if _BEGINS_WITH_NUMBER.match(line) else line


def _inside(line: str) -> str:
    """Mark what has a meaning inside a line, everywhere but in addresses."""
    pieces, end = [], 0
    for found in _ADDRESS.finditer(line):
        pieces += [_marked(line[end : found.start()]), _address(found[0])]
        end = found.end()
        if line[end : end + 1] in ("<", ">"):
            # The sign would be taken for a part of the address.
            pieces.append(" ")
    return "".join([*pieces, _marked(line[end:])])


def _marked(text: str) -> str:
    return _MARK.sub(lambda mark: _MEANING.get(mark[0]) or f"\\{mark[0]}", text)


def _address(address: str) -> str:
    return address.replace("&", "&amp;").replace("\\", "%5C").replace("((", "%28%28")
