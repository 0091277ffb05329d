"""The page of a bundle that anybody can open: what is in it, and the most of it in plain words.

It is one file with no style, script or picture of another place, and nothing in it is not escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from engage.evidence_file.chain import File, Head

# Shown on the page itself; the others are for who looks closer.
SHOWN = (
    "timetable.json",
    "consultation.json",
    "notices.json",
    "questionnaires/differences.json",
    "links.json",
    "reports.json",
    "decisions.json",
    "gates.json",
    "progress.json",
    "plans.json",
    "feedback.json",
)
STYLE = (
    "body{font:1rem/1.5 Arial,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#0b0c0c}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25rem .5rem;"
    "border-bottom:1px solid #b1b4b6}td,dd,code{overflow-wrap:anywhere;white-space:pre-line}"
    ".wide{overflow-x:auto}td,th{min-width:4rem}td:nth-child(2){min-width:10rem}th a{overflow-wrap:anywhere}"
    "dt{font-weight:bold}dd{margin:0 0 .5rem 1rem}"
)


def page(head: Head, files: Sequence[File], shown: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield the page. `shown` is the content of the files to show, by path."""
    for piece in _page(head, files, shown):
        yield piece.encode()


def _page(head: Head, files: Sequence[File], shown: Mapping[str, Any]) -> Iterator[str]:
    title = escape(f"Evidence file: {head.title}")
    yield (
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head><body>\n<h1>{title}</h1>\n"
        f"<p>Bundle {head.number}, as everything stood on {escape(head.as_of)}. It holds what was asked, "
        "what was decided and what people were told. It names nobody who took part, and no small count."
        "</p>\n"
    )
    yield (
        "<h2>How to check it</h2>\n<p>Each file has a digest (SHA-256) in manifest.json, and each line there "
        "has one that covers the line before. The command <code>engage verify</code> with this bundle checks "
        "all of them. It prints the digest of the whole bundle: compare that with the one that is published "
        "on the page of the consultation.</p>\n"
    )
    before = escape(head.previous_digest or "none, this is the first")
    yield f"<p>The bundle before: <code>{before}</code></p>\n"
    yield '<h2>Files</h2>\n<div class="wide"><table><thead><tr><th scope="col">File</th>'
    yield '<th scope="col">What it is</th><th scope="col">Bytes</th></tr></thead><tbody>\n'
    for file in files:
        path = escape(file.path)
        yield f'<tr><th scope="row"><a href="{path}">{path}</a></th><td>{escape(file.title)}</td>'
        yield f"<td>{file.size}</td></tr>\n"
    yield "</tbody></table></div>\n"
    titles = {file.path: file.title for file in files}
    for path in SHOWN:
        if path in shown:
            yield f"<h2>{escape(titles[path])}</h2>\n"
            yield from _value(shown[path])
    yield "</body></html>\n"


def _value(value: Any) -> Iterator[str]:
    """Yield any plain data: lists of like records as a table, other records as a list of terms."""
    if isinstance(value, Mapping):
        yield "<dl>"
        for name, each in value.items():
            yield f"<dt>{_name(name)}</dt><dd>"
            yield from _value(each)
            yield "</dd>"
        yield "</dl>\n"
    elif isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        yield from _table(value)
    elif isinstance(value, list):
        yield "<ul>" if value else "None"
        for each in value:
            yield "<li>"
            yield from _value(each)
            yield "</li>"
        yield "</ul>\n" if value else ""
    else:
        yield _word(value)


def _table(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    names = list(rows[0])
    yield '<div class="wide"><table><thead><tr>'
    yield from (f'<th scope="col">{_name(name)}</th>' for name in names)
    yield "</tr></thead><tbody>\n"
    for row in rows:
        yield "<tr>"
        for name in names:
            yield "<td>"
            yield from _value(row.get(name))
            yield "</td>"
        yield "</tr>\n"
    yield "</tbody></table></div>\n"


def _name(name: str) -> str:
    return escape(name.replace("_", " ").capitalize())


def _word(value: Any) -> str:
    if value is None or value == "":
        return "–"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else escape(str(value))
