"""Every file of a plan, read back by other programs."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import jsonschema
import openpyxl
import pytest
from defusedxml.ElementTree import fromstring
from docx.document import Document
from docx.oxml.ns import qn
from pypdf import PdfReader
from sqlalchemy import update
from sqlalchemy.orm import Session

from engage.analysis.manifests import canonical
from engage.foundations import clock
from engage.foundations.spreadsheets import read_csv
from engage.plan_export.models import Decision, PlanVersion
from engage.plan_export.plans import publishing, queries, service
from engage.plan_export.plans.exporting import COLUMNS
from engage.plan_export.plans.public import read_schema
from engage.plan_export.plans.publishing import Evidence
from engage.plan_export.plans.service import ObjectiveText
from tests.factories.plans import LATER, MAKER, make_plan, make_published
from tests.factories.responses import Exercise
from tests.fixtures.client import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# Formulas, markup of the layout, markup of XML, and signs that XML cannot hold.
HOSTILE = '=cmd|"/C calc"!A1 #emph[x] $x$ @here <b>&amp;</b> </w:t> \x0b\x1b\x02 "quoted" {{ 7*7 }}'
READABLE = '=cmd|"/C calc"!A1 #emph[x] $x$ @here <b>&amp;</b> </w:t>'
OFFICER, PUBLIC = "/officer/plans/2028-29", "/plan/2028-29/versions/1"
# Committee papers of the authority have these, in this order.
SECTIONS = (
    "Summary",
    "A. Recommendations",
    "B. Supporting information",
    "C. Race and equality impact",
    "D. Financial implications",
    "E. Legal implications",
    "F. Risk implications",
    "G. Background papers",
    "H. Contact details",
)


@pytest.fixture
def published(session: Session, decided: Exercise, folder: Path) -> PlanVersion:
    """A published plan in which every text that somebody wrote is hostile."""
    session.execute(update(Decision).values(reason=HOSTILE, equality_note=HOSTILE, owner=HOSTILE))
    session.commit()
    plan = make_plan(session, title="=1+1 <Plan> #2028", foreword=f"First line\n{HOSTILE}")
    first, *_others = queries.rows_of(session, plan).objectives
    text = ObjectiveText(f"@Objective {HOSTILE}", text=f"- {HOSTILE}", owner=HOSTILE)
    service.save_objective(session, by=MAKER, plan=plan, objective=first, text=text)
    service.save_measure(session, by=MAKER, plan=plan, objective=first, text=HOSTILE, target=f"+{HOSTILE}")
    session.commit()
    return make_published(session, plan, folder)


def fetched(client: PageClient, address: str) -> bytes:
    with clock.stopped_at(LATER):
        answer = client.get(address)
    assert answer.status_code == 200, address
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.data


def word(data: bytes) -> tuple[Document, str]:
    """Return a document with all it says, tables included."""
    found = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return found, "\n".join([*(paragraph.text for paragraph in found.paragraphs), *cells])


def test_spreadsheets_hold_every_line_as_text(client: PageClient, published: PlanVersion) -> None:
    rows = read_csv(fetched(client, f"{PUBLIC}/plan.csv"))
    assert tuple(rows[0]) == COLUMNS
    lines = [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]]
    assert [line["kind"] for line in lines] == [
        "objective",
        "measure",
        "priority",
        "objective",
        "priority",
        "not_adopted",
        "in_no_objective",
    ]
    burglary, hate_crime = [line for line in lines if line["kind"] == "priority"]
    assert (burglary["mentions"], burglary["base"], burglary["share"]) == ("12", "43", "0.2791")
    assert (hate_crime["mentions"], hate_crime["share"]) == ("withheld", "withheld")
    assert burglary["reason"] == HOSTILE
    assert burglary["snapshot"] == published.content["objectives"][0]["priorities"][0]["snapshot"]
    assert burglary["version_digest"] == published.digest
    book = openpyxl.load_workbook(io.BytesIO(fetched(client, f"{PUBLIC}/plan.xlsx")))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not [cell for cell in cells if cell.hyperlink]
    found = [row for row in book.active.iter_rows(min_row=2, values_only=True) if row[1] == "priority"]
    assert [row[COLUMNS.index("mentions")] for row in found] == [12, "withheld"]
    assert found[0][COLUMNS.index("decided_on")].date().isoformat() == "2027-12-03"


def test_a_committee_paper_has_its_headings_title_language_and_table_headings(
    client: PageClient, published: PlanVersion
) -> None:
    data = fetched(client, f"{PUBLIC}/plan.docx")
    found, said = word(data)
    headings = [one.text for one in found.paragraphs if one.style.name == "Heading 1"]
    assert tuple(headings) == SECTIONS
    assert [one.text for one in found.paragraphs if one.style.name == "Title"] == ["=1+1 <Plan> #2028"]
    assert found.core_properties.title == "=1+1 <Plan> #2028"
    assert found.core_properties.language == "en-GB"
    languages = {one.get(qn("w:val")) for one in found.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    for table in found.tables:
        first = table.rows[0]._tr
        assert first.trPr is not None
        assert first.trPr.find(qn("w:tblHeader")) is not None
    assert READABLE in said
    assert "{{ 7*7 }}" in said
    assert "First line\n" in said
    assert "12 of 43 (28%)" in said
    assert "DRAFT" not in said
    assert published.digest in said
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                fromstring(parts.read(name))
        body = ElementTree.tostring(fromstring(parts.read("word/document.xml")), encoding="unicode")
    assert "instrText" not in body
    assert "hyperlink" not in body


def test_the_pdf_is_tagged_and_says_the_same(client: PageClient, published: PlanVersion) -> None:
    reader = PdfReader(io.BytesIO(fetched(client, f"{PUBLIC}/plan.pdf")))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "=1+1 <Plan> #2028"
    said = "".join("".join(page.extract_text() for page in reader.pages).replace("\u200b", "").split())
    assert "".join(READABLE.split()) in said
    assert "12of43(28%)" in said
    assert published.digest in said
    assert "DRAFT" not in said


def test_json_keeps_to_the_published_schema_and_its_digest_can_be_made_again(
    client: PageClient, officer_client: PageClient, published: PlanVersion
) -> None:
    schema = json.loads(client.get("/plan/schema.json").data)
    assert schema == read_schema()
    validator = jsonschema.Draft202012Validator(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    version = json.loads(fetched(client, f"{PUBLIC}/plan.json"))
    draft = json.loads(fetched(officer_client, f"{OFFICER}/draft.json"))
    for document in (version, draft):
        validator.validate(document)
    assert (version["draft"], version["version"], draft["draft"], draft["digest"]) == (False, 1, True, None)
    text = json.dumps(version["content"], sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    assert hashlib.sha256(text.encode()).hexdigest() == version["digest"] == published.digest
    assert text == canonical(published.content)
    assert version["content"]["objectives"][0]["priorities"][0]["reason"] == HOSTILE
    broken = {**version, "content": {**version["content"], "objectives": [{}]}}
    assert not validator.is_valid(broken)


def test_a_draft_is_marked_as_one_in_every_file(officer_client: PageClient, published: PlanVersion) -> None:
    rows = read_csv(fetched(officer_client, f"{OFFICER}/draft.csv"))
    assert {row[0] for row in rows[1:]} == {"DRAFT"}
    book = openpyxl.load_workbook(io.BytesIO(fetched(officer_client, f"{OFFICER}/draft.xlsx")))
    assert book.active.title == "DRAFT"
    found, said = word(fetched(officer_client, f"{OFFICER}/draft.docx"))
    assert said.startswith("DRAFT\n")
    assert found.sections[0].header.paragraphs[0].text == "DRAFT"
    reader = PdfReader(io.BytesIO(fetched(officer_client, f"{OFFICER}/draft.pdf")))
    assert all("DRAFT" in page.extract_text() for page in reader.pages)
    assert json.loads(fetched(officer_client, f"{OFFICER}/draft.json"))["draft"] is True


def test_a_withheld_count_is_in_no_file(
    client: PageClient, officer_client: PageClient, session: Session, decided: Exercise, folder: Path
) -> None:
    make_published(session, make_plan(session), folder)
    for start in (f"{PUBLIC}/plan", f"{OFFICER}/draft"):
        reader = officer_client if start.startswith(OFFICER) else client
        lines = [
            line
            for objective in json.loads(fetched(reader, f"{start}.json"))["content"]["objectives"]
            for line in objective["priorities"]
        ]
        assert [(line["code"], line["mentions"]) for line in lines] == [
            ("burglary", 12),
            ("hate_crime", None),
        ]
        _found, said = word(fetched(reader, f"{start}.docx"))
        pages = PdfReader(io.BytesIO(fetched(reader, f"{start}.pdf"))).pages
        pdf = " ".join(" ".join(page.extract_text() for page in pages).split())
        for text in (said, pdf):
            assert "withheld" in text
            assert "2 of 43" not in text.replace("12 of 43", "")
        for row in read_csv(fetched(reader, f"{start}.csv"))[1:]:
            if row[COLUMNS.index("priority_code")] == "hate_crime":
                assert row[COLUMNS.index("mentions")] == row[COLUMNS.index("share")] == "withheld"


def test_there_is_no_file_of_a_version_that_is_not_published_nor_of_another_kind(
    client: PageClient, officer_client: PageClient, session: Session, published: PlanVersion, folder: Path
) -> None:
    assert client.get(f"{PUBLIC}/plan.exe").status_code == 404
    assert client.get("/plan/2028-29/versions/2/plan.json").status_code == 404
    plan = queries.get_plan(session, "2028-29")
    plan.foreword = "Another one."
    publishing.make_version(session, by=MAKER, plan=plan, note="", evidence=Evidence(folder, 5))
    session.commit()
    assert officer_client.get("/officer/plans/2028-29/versions/2/plan.json").status_code == 200
    assert client.get("/plan/2028-29/versions/2/plan.json").status_code == 404
