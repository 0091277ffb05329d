from __future__ import annotations

import json
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import insert
from sqlalchemy.orm import Session

from engage.analysis.queries import evidence_folder
from engage.audit.models import AuditEvent
from engage.evidence_file import service
from engage.evidence_file.chain import MANIFEST
from engage.evidence_file.cli import verify as command
from engage.evidence_file.verifying import verify
from engage.foundations import clock
from engage.foundations.settings import Settings
from tests.factories.evidence_file import (
    CLERK,
    LATER,
    Files,
    chained_anew,
    edit,
    files_of,
    line_of,
    make_bundle,
    make_whole,
    packed,
    sha256,
)
from tests.fixtures.client import PageClient

HERE = "/officer/consultations/priorities/evidence"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_bundle_is_sound_and_follows_the_one_before(session: Session, settings: Settings) -> None:
    exercise = make_whole(session, settings)
    first, file = make_bundle(session, settings, exercise)
    assert verify(file, first.digest).faults == ()
    second, later = make_bundle(session, settings, exercise)
    assert (second.number, second.previous_digest) == (2, first.digest)
    verdict = verify(later)
    assert (verdict.faults, verdict.digest) == ((), second.digest)


@on_sqlite
def test_the_same_content_gives_the_same_bytes(session: Session, settings: Settings) -> None:
    exercise = make_whole(session, settings)

    def prepared() -> bytes:
        return service.prepare(
            session,
            now=LATER,
            consultation=exercise.consultation,
            instance=settings.instance,
            folder=evidence_folder(settings),
            threshold=settings.disclosure_threshold,
        ).file.read_bytes()

    assert prepared() == prepared()


@on_sqlite
def test_memory_does_not_grow_with_the_log(session: Session, settings: Settings) -> None:
    exercise = make_whole(session, settings)

    def peak() -> int:
        tracemalloc.start()
        _, file = make_bundle(session, settings, exercise)
        assert verify(file).faults == ()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    before = peak()
    event = {"actor": CLERK, "action": "entry.changed", "subject": "entry:priorities", "happened_at": LATER}
    rows = [event | {"details": {"number": number, "what": "x" * 400}} for number in range(3_000)]
    session.execute(insert(AuditEvent), rows)
    session.commit()
    # All of them at once take four million bytes and more; a window of some hundreds is read.
    assert peak() - before < 2_000_000


def change(path: str, files: Files) -> Files:
    """Let one more person have named burglary."""
    edit(files, path, lambda content: content[0].update(mentions=13))
    return files


def caught(files: Files, tmp_path: Path, digest: str = "") -> str:
    return "\n".join(verify(packed(tmp_path / "forged.zip", files), digest).faults)


@pytest.fixture
def made(session: Session, settings: Settings) -> tuple[str, Files]:
    exercise = make_whole(session, settings)
    bundle, file = make_bundle(session, settings, exercise)
    return bundle.digest, files_of(file)


@on_sqlite
def test_a_changed_figure_is_caught_however_well_it_is_hidden(
    made: tuple[str, Files], tmp_path: Path
) -> None:
    digest, files = made
    change("decisions.json", files)
    assert "decisions.json was changed" in caught(files, tmp_path)

    changed = sha256(files["decisions.json"])
    size = len(files["decisions.json"])
    edit(files, MANIFEST, lambda data: line_of(data, "decisions.json").update(sha256=changed, size=size))
    assert "The line of decisions.json was changed" in caught(files, tmp_path)

    chained_anew(files)
    found = caught(files, tmp_path, digest)
    assert "says 13 named it; its report says 12" in found
    assert "not the bundle that was published" in found

    # With the report and its own digest put right as well, only the published digest tells.
    def in_report(content: dict[str, object]) -> None:
        content["figures"]["ranking"][0]["mentions"]["count"] = 13  # type: ignore[index]

    edit(files, "reports/report-1.json", in_report)
    chained_anew(files)
    assert "Report 1 is not what its digest was made of" in caught(files, tmp_path)
    text = json.dumps(json.loads(files["reports/report-1.json"]), sort_keys=True, separators=(",", ":"))
    edit(files, "reports.json", lambda content: content[0].update(digest=sha256(text.encode())))
    chained_anew(files)
    assert caught(files, tmp_path) == ""
    assert "not the bundle that was published" in caught(files, tmp_path, digest)


@on_sqlite
def test_removed_lines_and_a_reordered_log_are_caught(made: tuple[str, Files], tmp_path: Path) -> None:
    _, files = made
    without = dict(files)
    edit(without, MANIFEST, lambda data: data["lines"].pop(3))
    assert "does not follow the line before" in caught(without, tmp_path)
    last = dict(files)
    edit(last, MANIFEST, lambda data: data["lines"].pop())
    assert "lines are missing at the end" in caught(last, tmp_path)
    gone = {path: content for path, content in files.items() if path != "gates.json"}
    assert "gates.json has a line and is not in the bundle" in caught(gone, tmp_path)
    events = files["audit.jsonl"].splitlines(keepends=True)
    files["audit.jsonl"] = b"".join([events[1], events[0], *events[2:]])
    assert "audit.jsonl was changed" in caught(files, tmp_path)
    chained_anew(files)
    assert "where event 1 should be is event 2" in caught(files, tmp_path)


@on_sqlite
def test_a_decision_from_before_its_report_or_its_reading_is_caught(
    made: tuple[str, Files], tmp_path: Path
) -> None:
    _, files = made
    edit(files, "decisions.json", lambda content: content[0].update(decided_on="2027-11-30"))
    chained_anew(files)
    assert "is dated 2027-11-30, before its report of 2027-12-01" in caught(files, tmp_path)
    edit(files, "decisions.json", lambda content: content[0].update(decided_on="2027-12-03"))
    edit(files, "reports.json", lambda content: content[0]["readings"][0].update(read_on="2027-12-04"))
    chained_anew(files)
    assert "before its report was read on 2027-12-04" in caught(files, tmp_path)
    edit(files, "reports.json", lambda content: content[0].update(readings=[]))
    chained_anew(files)
    assert "a report that nobody had read" in caught(files, tmp_path)


@on_sqlite
def test_the_command_tells_what_is_wrong_a_line_each_and_fails(
    made: tuple[str, Files], tmp_path: Path
) -> None:
    digest, files = made
    sound = CliRunner().invoke(command, [str(packed(tmp_path / "sound.zip", files)), "--digest", digest])
    assert (sound.exit_code, "Nothing was changed in bundle 1" in sound.output) == (0, True)
    files["links.json"] += b" "
    broken = CliRunner().invoke(command, [str(packed(tmp_path / "broken.zip", files))])
    assert broken.exit_code == 1
    assert broken.output == "links.json was changed: its digest is not the one in its line.\n"


@on_sqlite
def test_an_officer_makes_a_bundle_once_and_everybody_can_look_up_its_digest(
    officer_client: PageClient, client: PageClient, session: Session, settings: Settings, tmp_path: Path
) -> None:
    exercise = make_whole(session, settings)
    exercise.consultation.title = "<b>Priorities</b>"
    session.commit()
    with clock.stopped_at(LATER + timedelta(hours=1)):
        form = officer_client.get_page(HERE).form_values()
        assert "Bundle 1 is made" in officer_client.post_page(HERE, form).text
        officer_client.post_page(HERE, form)
    page = officer_client.get_page(HERE)
    assert "Bundle 2" not in page.text
    file = tmp_path / "got.zip"
    with officer_client.get(f"{HERE}/1.zip") as answer:
        file.write_bytes(answer.data)
    verdict = verify(file)
    assert verdict.faults == ()
    assert b"<b>Priorities" not in files_of(file)["index.html"]
    public = client.get_page(f"/evidence/{verdict.digest}")
    assert "<b>Priorities</b>" in public.text
    assert verdict.digest in client.get_page("/consultations/priorities/evidence").text
    assert client.get("/evidence/" + "0" * 64).status_code == 404
