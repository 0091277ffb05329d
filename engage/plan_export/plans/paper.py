"""A plan as a document: the committee paper and the plan itself, as headings, paragraphs and tables.

What it looks like is the business of whoever writes it: `word` for DOCX, `plan.typ` for PDF.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from engage.foundations.language import Text, _, day, locale_code, number, percent, plural
from engage.plan_export.plans.blocks import Block, Bullets, Document, Grid, Heading, Paragraph
from engage.plan_export.plans.content import share_of
from engage.plan_export.plans.rules import STAGES, Stage, years_of
from engage.plan_export.rules import OUTCOMES, Outcome

SHORT = 16
Content: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Issue:
    """Who gives the document out, and where its digest is checked."""

    authority: str
    check_at: str


@dataclass(frozen=True, slots=True)
class Named:
    """Which version a document is of; no number: the draft."""

    number: int | None
    digest: str
    made_at: datetime
    stage: Stage | None


def committee_paper(content: Content, named: Named, issue: Issue) -> Document:
    """Return the plan as a report to a committee, under the headings that its papers have."""
    return _document(content, named, issue, _committee(content, named, issue))


def plan(content: Content, named: Named, issue: Issue) -> Document:
    """Return the plan itself."""
    return _document(content, named, issue, _plan(content, named, issue))


def _document(content: Content, named: Named, issue: Issue, blocks: Iterator[Block]) -> Document:
    said = content["plan"]
    draft = named.number is None
    version = str(_("Draft") if draft else _("Version %(number)s", number=named.number))
    stage = [str(STAGES[named.stage])] if named.stage else []
    facts = (
        (str(_("For")), years_of(said["first_year"], said["years"])),
        (str(_("Version")), ", ".join([version, *stage])),
        (str(_("Date")), day(named.made_at)),
        (str(_("By")), issue.authority),
    )
    foot = (
        _("This is a draft: it has no digest and says what was written on %(day)s.", day=day(named.made_at))
        if draft
        else _("%(version)s, digest %(digest)s", version=version, digest=named.digest)
    )
    return Document(
        title=said["title"],
        authority=issue.authority,
        language=locale_code(),
        mark=str(_("DRAFT")) if draft else "",
        foot=str(foot),
        facts=facts,
        blocks=tuple(blocks),
    )


def _committee(content: Content, named: Named, issue: Issue) -> Iterator[Block]:
    yield Heading(str(_("Summary")))
    yield Paragraph(_summary(content))
    yield Heading(_section("A", _("Recommendations")))
    yield Paragraph(str(_("That")))
    years = years_of(content["plan"]["first_year"], content["plan"]["years"])
    noted = named.stage is Stage.PUBLISHED
    first = _("the policing plan for %(years)s be noted.", years=years) if noted else None
    yield Paragraph(str(first or _("the policing plan for %(years)s be approved.", years=years)), "1.")
    yield Paragraph(
        str(_("the reasons why priorities were not adopted be noted, and be told to who took part.")), "2."
    )
    yield Heading(_section("B", _("Supporting information")))
    yield Paragraph(_how_made(content), "1.")
    yield Paragraph(content["disclosure"]["rule"], "2.")
    yield from _body(content)
    yield Heading(_section("C", _("Race and equality impact")))
    yield from _equality(content)
    for letter, name, nothing in (
        ("D", _("Financial implications"), _("what the objectives cost, and who pays for them")),
        ("E", _("Legal implications"), _("the law that applies, and how it is met")),
        ("F", _("Risk implications"), _("what may go wrong, and who watches it")),
    ):
        yield Heading(_section(letter, name))
        yield Paragraph(str(_("[The author of the report writes here: %(what)s.]", what=nothing)))
    yield Heading(_section("G", _("Background papers")))
    yield Bullets(tuple(_sources(content)) or (str(_("None")),))
    yield Heading(_section("H", _("Contact details")))
    yield Paragraph(str(_("Report author: [name and post], %(authority)s", authority=issue.authority)))
    yield Paragraph(_check(named, issue))


def _plan(content: Content, named: Named, issue: Issue) -> Iterator[Block]:
    yield Heading(str(_("Summary")))
    yield Paragraph(_summary(content))
    yield Heading(str(_("How it was made")))
    yield Paragraph(_how_made(content))
    yield Paragraph(content["disclosure"]["rule"])
    yield Heading(str(_("The objectives")))
    yield from _body(content)
    yield Heading(str(_("Equality")))
    yield from _equality(content)
    yield Heading(str(_("Where the figures come from")))
    yield Bullets(tuple(_sources(content)) or (str(_("No figures are in this plan.")),))
    yield Heading(str(_("Check this document")))
    yield Paragraph(_check(named, issue))


def _summary(content: Content) -> str:
    if content["plan"]["foreword"]:
        return str(content["plan"]["foreword"])
    years = years_of(content["plan"]["first_year"], content["plan"]["years"])
    return str(_("This is the policing plan for %(years)s, with what Londoners asked for.", years=years))


def _how_made(content: Content) -> str:
    taken = [line for objective in content["objectives"] for line in objective["priorities"]]
    titles = dict.fromkeys(line["consultation"]["title"] for line in _lines(content))
    said = [
        str(plural("It has %(num)d objective.", "It has %(num)d objectives.", len(content["objectives"]))),
        str(
            plural(
                "Under them stands %(num)d priority that Londoners named.",
                "Under them stand %(num)d priorities that Londoners named.",
                len(taken),
            )
        ),
    ]
    if titles:
        said.append(str(_("They were asked in: %(titles)s.", titles="; ".join(titles))))
    if content["synthetic"]:
        said.append(str(_("Among the responses are some that were made up by a program.")))
    return " ".join(said)


def _body(content: Content) -> Iterator[Block]:
    for objective in content["objectives"]:
        yield from _objective(objective)
    for part, heading, what in (
        ("not_adopted", _("Asked for, and not adopted"), _("Priorities that were not adopted, and why")),
        (
            "in_no_objective",
            _("Adopted, and in no objective"),
            _("Adopted, and in no objective of this plan"),
        ),
    ):
        if content[part]:
            yield Heading(str(heading), 2)
            yield _table(str(what), content[part])


def _objective(objective: Content) -> Iterator[Block]:
    name = _("Objective %(number)s: %(title)s", number=objective["number"], title=objective["title"])
    yield Heading(str(name), 2)
    if objective["text"]:
        yield Paragraph(objective["text"])
    if objective["owner"]:
        yield Paragraph(str(_("Answers for it: %(owner)s", owner=objective["owner"])))
    if objective["measures"]:
        yield Grid(
            str(_("How it is measured")),
            (str(_("Measure")), str(_("Target"))),
            tuple((one["text"], one["target"] or str(_("None"))) for one in objective["measures"]),
            (65, 35),
        )
    if objective["priorities"]:
        yield _table(str(_("What Londoners asked for")), objective["priorities"])


def _table(caption: str, lines: Sequence[Content]) -> Grid:
    headings = (_("Priority"), _("Named by"), _("Decision"), _("Why"))
    rows = tuple(
        (_worded(line), _named_by(line), str(OUTCOMES[Outcome(line["outcome"])]), line["reason"])
        for line in lines
    )
    return Grid(caption, tuple(str(one) for one in headings), rows, (24, 18, 16, 42))


def _worded(line: Content) -> str:
    if line["wording"] == line["priority"]:
        return str(line["priority"])
    return str(_("%(wording)s (asked as: %(priority)s)", wording=line["wording"], priority=line["priority"]))


def _named_by(line: Content) -> str:
    share = share_of(line)
    if line["withheld"]:
        return str(_("withheld"))
    figures = _("%(n)s of %(base)s", n=number(line["mentions"]), base=number(line["base"]))
    return str(figures) if share is None else f"{figures} ({percent(share)})"


def _equality(content: Content) -> Iterator[Block]:
    lines = list(_lines(content))
    said = tuple(f"{line['priority']}: {line['equality_note']}" for line in lines if line["equality_note"])
    silent = list(dict.fromkeys(line["priority"] for line in lines if not line["equality_note"]))
    if said:
        yield Bullets(said)
    if silent:
        named = "; ".join(silent)
        yield Paragraph(
            str(_("No note on equality is recorded with the decisions on: %(named)s.", named=named))
        )
    if not lines:
        yield Paragraph(str(_("No decisions are in this plan.")))


def _sources(content: Content) -> list[str]:
    """Return each count that figures are from, once: consultation, day, snapshot, report, questions."""
    found: dict[str, str] = {}
    for line in _lines(content):
        questions = "; ".join(
            f"“{one['text'] or one['question']}” ({one['questionnaire']}, "
            f"{_('version %(number)s', number=one['version'])}, {one['version_digest'][:SHORT]})"
            for one in line["questions"]
        )
        said = _(
            "%(title)s, counted on %(day)s. Snapshot %(snapshot)s. Asked: %(questions)s.",
            title=line["consultation"]["title"],
            day=day(date.fromisoformat(line["counted_on"])),
            snapshot=line["snapshot"],
            questions=questions,
        )
        report = line["report"]
        if report:
            said += " " + _(
                "Report %(number)s, digest %(digest)s.", number=report["number"], digest=report["digest"]
            )
        found[f"{line['snapshot']} {report['digest'] if report else ''}"] = str(said)
    return list(found.values())


def _lines(content: Content) -> Iterator[Content]:
    for objective in content["objectives"]:
        yield from objective["priorities"]
    yield from content["not_adopted"]
    yield from content["in_no_objective"]


def _check(named: Named, issue: Issue) -> str:
    if named.number is None:
        return str(
            _("This is a draft and may still change. Published plans are at %(at)s.", at=issue.check_at)
        )
    return str(
        _(
            "Type the digest %(digest)s (the first %(n)s signs are enough) at %(at)s to see which version "
            "this is, and where each figure comes from.",
            digest=named.digest,
            n=SHORT,
            at=issue.check_at,
        )
    )


def _section(letter: str, name: Text) -> str:
    return f"{letter}. {name}"
