"""Conditions as foreign tools write them, read into a small tree. Nothing here computes one.

One grammar serves three ways of writing: or, and, not, brackets, comparisons, calls and lists. How a question
is named differs: {q} in SurveyJS, ${q} in XLSForm, q.NAOK in LimeSurvey.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from engage.foundations.language import Text, lazy

LONGEST = 2_000
MOST_TOKENS = 300
DEEPEST = 12


class Unclear(ValueError):
    """An expression says something that has no counterpart here; `reason` is a sentence for the report."""

    def __init__(self, reason: Text) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Name:
    """A question, or a part of one."""

    name: str


@dataclass(frozen=True, slots=True)
class Value:
    """A text, a number or yes/no."""

    value: str | float | bool


@dataclass(frozen=True, slots=True)
class Values:
    """A list of values."""

    values: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two things compared; `how` is one of = != < <= > >= contains notcontains anyof allof."""

    how: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Called:
    """A function of some arguments; SurveyJS's {q} empty is a call of empty."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts joined by "and" (`every`) or by "or"."""

    every: bool
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negated:
    """The opposite."""

    part: Node


Node: TypeAlias = Name | Value | Values | Compared | Called | Joined | Negated


@dataclass(frozen=True, slots=True)
class Dialect:
    """How questions are named: `names` is a pattern with one group; `words`: any unknown word is a name."""

    names: str = r"(?!)()"
    words: bool = False


SURVEYJS = Dialect(names=r"\{([^{}]{1,200})\}")
XLSFORM = Dialect(names=r"\$\{([^{}]{1,200})\}")
LIMESURVEY = Dialect(names=r"(\d+X\d+X\w+(?:\.\w+)?)", words=True)

_TOKENS = (
    r"\s*(?:%s|'([^']*)'|\"([^\"]*)\"|(\d+(?:\.\d+)?|\.\d+)"
    r"|([A-Za-z_][\w-]*(?:\.[A-Za-z_]\w*)?|\.)|(<=|>=|<>|!=|==|&&|\|\||\*=|[=<>!()\[\],-]))"
)
_SAME = {
    "==": "=",
    "<>": "!=",
    "*=": "contains",
    "eq": "=",
    "ne": "!=",
    "lt": "<",
    "gt": ">",
    "le": "<=",
    "ge": ">=",
}
# LimeSurvey says which side of a question is meant; these mean its answer.
_VALUE_OF = re.compile(r"\.(?:NAOK|code|value)\Z")
_COMPARING = frozenset({"=", "!=", "<", "<=", ">", ">=", "contains", "notcontains", "anyof", "allof"})
_AFTER = frozenset({"empty", "notempty"})
_CONSTANTS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def read_expression(written: str, dialect: Dialect) -> Node:
    """Return the tree of `written`; raises `Unclear` for whatever is outside the grammar."""
    if len(written) > LONGEST:
        raise Unclear(lazy("The condition is too long."))
    reader = _Reader(_tokens(written, dialect), dialect)
    node = reader.either(1)
    reader.finish()
    return node


def _tokens(written: str, dialect: Dialect) -> list[_Token]:
    pattern = re.compile(_TOKENS % dialect.names)
    tokens: list[_Token] = []
    place, written = 0, written.strip()
    while place < len(written):
        found = pattern.match(written, place)
        if found is None:
            raise Unclear(lazy("“%(sign)s” is not understood.", sign=written[place : place + 10].strip()))
        kinds = ("name", "text", "text", "number", "word", "sign")
        kind, text = next(
            (kind, text) for kind, text in zip(kinds, found.groups(), strict=True) if text is not None
        )
        if len(tokens) >= MOST_TOKENS:
            raise Unclear(lazy("The condition is too long."))
        tokens.append(_Token(kind, text.strip() if kind == "name" else text))
        place = found.end()
    return tokens


class _Reader:
    """Reads the tokens from left to right: or binds loosest, then and, not, comparisons."""

    def __init__(self, tokens: list[_Token], dialect: Dialect) -> None:
        self._tokens = tokens
        self._words = dialect.words
        self._place = 0

    def finish(self) -> None:
        if token := self._next():
            raise Unclear(lazy("“%(sign)s” is not understood.", sign=token.text))

    def either(self, depth: int) -> Node:
        return self._joined(depth, every=False)

    def _joined(self, depth: int, *, every: bool) -> Node:
        if depth > DEEPEST:
            raise Unclear(lazy("The condition is nested too deeply."))
        signs = ("and", "&&") if every else ("or", "||")
        parts = [self._negated(depth) if every else self._joined(depth, every=True)]
        while self._take(*signs):
            parts.append(self._negated(depth) if every else self._joined(depth, every=True))
        return parts[0] if len(parts) == 1 else Joined(every, tuple(parts))

    def _negated(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise Unclear(lazy("The condition is nested too deeply."))
        if self._take("!") or (not self._calls() and self._take("not")):
            return Negated(self._negated(depth + 1))
        return self._compared(depth)

    def _compared(self, depth: int) -> Node:
        left = self._one(depth)
        token = self._next()
        if token is None or token.kind not in ("word", "sign"):
            return left
        how = _SAME.get(token.text.lower(), token.text.lower())
        if how in _AFTER:
            self._place += 1
            return Called(how, (left,))
        if how not in _COMPARING:
            return left
        self._place += 1
        return Compared(how, left, self._one(depth))

    def _one(self, depth: int) -> Node:
        token = self._next()
        if token is None:
            raise Unclear(lazy("The condition ends too early."))
        if self._calls():
            return self._called(depth)
        self._place += 1
        match token.kind:
            case "name":
                return Name(_VALUE_OF.sub("", token.text) if self._words else token.text)
            case "text":
                return Value(token.text)
            case "number":
                return Value(float(token.text))
            case "word":
                return self._word(token.text)
        return self._bracket(token, depth)

    def _word(self, word: str) -> Node:
        if word.lower() in _CONSTANTS:
            return Value(_CONSTANTS[word.lower()])
        if self._words or word == ".":
            return Name(_VALUE_OF.sub("", word))
        raise Unclear(lazy("“%(sign)s” is not understood.", sign=word))

    def _bracket(self, token: _Token, depth: int) -> Node:
        if token.text == "(":
            inside = self.either(depth + 1)
            self._expect(")")
            return inside
        if token.text == "[":
            return Values(self._list("]", depth))
        if token.text == "-" and (number := self._next()) and number.kind == "number":
            self._place += 1
            return Value(-float(number.text))
        raise Unclear(lazy("“%(sign)s” is not understood.", sign=token.text))

    def _called(self, depth: int) -> Node:
        function = self._tokens[self._place].text.lower()
        self._place += 2
        return Called(function, self._list(")", depth))

    def _list(self, end: str, depth: int) -> tuple[Node, ...]:
        parts: list[Node] = []
        while not self._take(end):
            if parts:
                self._expect(",")
            parts.append(self.either(depth + 1))
        return tuple(parts)

    def _calls(self) -> bool:
        """Whether a word stands here with a bracket after it, as in selected(...) and not(...)."""
        here = self._tokens[self._place : self._place + 2]
        return (
            len(here) == 2
            and (here[0].kind, here[1].text, here[1].kind) == ("word", "(", "sign")
            and here[0].text.lower() not in ("and", "or")
        )

    def _next(self) -> _Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _take(self, *signs: str) -> bool:
        token = self._next()
        if token is None or token.kind not in ("word", "sign") or token.text.lower() not in signs:
            return False
        self._place += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise Unclear(lazy("“%(sign)s” is missing.", sign=sign))
