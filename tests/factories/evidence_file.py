"""A consultation with something of everything in it, and bundles that were tampered with."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from sqlalchemy.orm import Session

from engage.analysis import service as analysis
from engage.analysis.queries import evidence_folder
from engage.audit import service as audit
from engage.consultations.rules import State
from engage.evidence_file import service
from engage.evidence_file.chain import MANIFEST, File, Head, lines, manifest
from engage.evidence_file.models import EvidenceBundle
from engage.foundations.settings import Settings
from engage.people.rules import Role
from engage.plan_export.rules import Outcome
from engage.plan_export.service import record_decision
from engage.responses.contacts import leave_contact
from tests.factories.analysis import make_response
from tests.factories.deciding import decided, make_report
from tests.factories.responses import AFTER, Exercise, make_exercise
from tests.fixtures.people import add_person

LATER = AFTER + timedelta(days=5)
CLERK = "Clementine Clerk <clementine@example.test>"
ADDRESSES = ("quentin.respondent@example.test", "rosalind@example.test")
NAMED = {"burglary": 12, "fraud": 11, "hate_crime": 2}


def make_whole(session: Session, settings: Settings) -> Exercise:
    """Return a consultation that was answered, counted, reported and decided, with addresses left."""
    exercise = make_exercise(session, state=State.CLOSED)
    for code, times in NAMED.items():
        for _ in range(times):
            make_response(session, exercise, chosen=(code,))
    consultation, folder = exercise.consultation, evidence_folder(settings)
    for address in ADDRESSES:
        leave_contact(session, consultation_id=consultation.id, address=address, today=AFTER.date())
    consultation.state, consultation.analysed_at = State.ANALYSED, AFTER
    analysis.refresh(session, consultation=consultation, now=AFTER, folder=folder)
    make_report(session, settings, consultation, AFTER, reader="Prudence Member, Chair")
    person = add_person(session, Role.ADMINISTRATOR)
    for code, outcome in (("burglary", Outcome.ADOPTED), ("hate_crime", Outcome.ADOPTED)):
        record_decision(
            session,
            actor=person.label,
            person_id=person.id,
            now=LATER,
            consultation=consultation,
            decided=decided(code, date(2027, 12, 3), outcome=outcome),
            folder=folder,
        )
    audit.record(
        session,
        actor=CLERK,
        action="entry.changed",
        subject=f"entry:{consultation.slug}",
        at=LATER,
        details={"what": "Rang Quentin Respondent", "number": 2},
    )
    session.commit()
    return exercise


def make_bundle(
    session: Session, settings: Settings, exercise: Exercise, **changed: Any
) -> tuple[EvidenceBundle, Path]:
    """Make the next bundle; return it with its file."""
    bundle = service.make(
        session,
        actor=changed.get("actor", CLERK),
        now=changed.get("now", LATER),
        consultation=exercise.consultation,
        instance=settings.instance,
        folder=evidence_folder(settings),
        threshold=settings.disclosure_threshold,
    )
    session.commit()
    return bundle, service.bundle_file(settings.instance, exercise.consultation.id, bundle.digest)


Files = dict[str, bytes]


def files_of(bundle: Path) -> Files:
    """Return the content of a bundle, in its order."""
    with ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(target: Path, files: Files) -> Path:
    """Write files as a ZIP."""
    written = io.BytesIO()
    with ZipFile(written, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    target.write_bytes(written.getvalue())
    return target


def edit(files: Files, path: str, change: Callable[[Any], None]) -> None:
    """Change a JSON document among files."""
    content = json.loads(files[path])
    change(content)
    files[path] = json.dumps(content).encode()


def line_of(data: dict[str, Any], path: str) -> dict[str, Any]:
    """Return the line of a file in a manifest."""
    return next(line for line in data["lines"] if line["path"] == path)


def chained_anew(files: Files) -> None:
    """Give the manifest the right digests and a right chain, as a careful forger would."""
    data = json.loads(files[MANIFEST])
    head = Head(**data["head"])
    found = [
        File(each["path"], each["title"], len(files[each["path"]]), sha256(files[each["path"]]))
        for each in data["lines"]
    ]
    files[MANIFEST] = json.dumps(manifest(head, lines(head, found))).encode()


def sha256(content: bytes) -> str:
    """Return a file's digest."""
    return hashlib.sha256(content).hexdigest()
