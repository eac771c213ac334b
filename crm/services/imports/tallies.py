"""What has been counted of an import, kept with its row as plain data."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import Session

from crm import db
from crm.i18n import ngettext
from crm.models import ImportRun
from crm.models.words import kept, told
from crm.services.imports.batches import Size
from crm.services.imports.results import (
    Alike,
    Checked,
    Counts,
    Doubt,
    Issue,
    Outcome,
    Report,
    UndoReport,
)
from crm.services.imports.votes import DateOrder, NumberFormat

MOST_KEPT = 200  # sentences about what an undo leaves as it is


def keep_check(
    session: Session, row: ImportRun, counts: Counts, found: Mapping[str, Any]
) -> None:
    """Keep what a check has found: `reasons`, `doubts`, `notes`, `terms` …"""
    plain = {
        "counts": asdict(counts),
        "reasons": [_plain_alike(reason) for reason in found["reasons"]],
        "doubts": [asdict(one) | {"words": kept(one.words)} for one in found["doubts"]],
        "notes": list(map(kept, found["notes"])),
        "terms": [[*term, rows] for term, rows in found["terms"].items()],
        "revision": found["revision"],
        "at": db.pending_of(session).at.isoformat(),
    }
    _set(session, row, "check", plain)


def forget_cells(session: Session, row: ImportRun) -> None:
    """Forget the rows that a check has kept: those of the run are told now."""
    if check := row.counts.get("check"):
        _set(session, row, "check", {**check, "reasons": []})


def checked(row: ImportRun) -> Checked | None:
    """What the last check has found; None before there was one."""
    data = row.counts.get("check")
    if data is None or "reasons" not in data:  # of a version that did not count them
        return None
    return Checked(
        counts=Counts(**data["counts"]),
        reasons=tuple(map(_alike, data["reasons"])),
        doubts=tuple(map(_doubt, data["doubts"])),
        notes=tuple(map(told, data["notes"])),
        at=datetime.fromisoformat(data["at"]),
        current=data["revision"] == row.settings["revision"],
    )


def add_to_run(
    session: Session,
    row: ImportRun,
    counts: Counts,
    made: Mapping[str, int] | None = None,
    changed: Mapping[str, int] | None = None,
    more: Mapping[str, int] | None = None,
) -> None:
    """Count what one transaction of a run has done; all is added up by name."""
    data = _run(row)
    data["counts"] = asdict(Counts(**data["counts"]) + counts)
    for name, numbers in (("made", made), ("changed", changed), ("more", more)):
        data[name] = _sum(data[name], numbers or {})
    _set(session, row, "run", data)


def set_run(session: Session, row: ImportRun, **facts: Any) -> None:
    """Say of a run how many rows there are (`total`), whether it is `finished` …"""
    _set(session, row, "run", _run(row) | facts)


def size_of_batches(row: ImportRun) -> Size | None:
    """What `set_run` has noted by that name, if it has."""
    noted = _run(row).get("size_of_batches")
    return Size(*noted) if noted else None


def report(row: ImportRun) -> Report:
    """What the run has done up to now."""
    data = _run(row)
    undo = row.counts.get("undo")
    return Report(
        counts=Counts(**data["counts"]),
        total=data["total"],
        made={name: n for name, n in data["made"].items() if n},
        changed={name: n for name, n in data["changed"].items() if n},
        notes=(*map(told, row.settings["form"]["notes"]), *notes(data["more"])),
        finished=data["finished"],
        undo=None if undo is None else _undo(undo),
    )


def add_to_undo(
    session: Session,
    row: ImportRun,
    *,
    removed: Mapping[str, int] | None = None,
    set_back: int = 0,
    stays: list[str],
) -> None:
    """Count what one transaction of an undo has done."""
    data = row.counts.get("undo") or asdict(UndoReport())
    plain = {
        "removed": _sum(data["removed"], removed or {}),
        "set_back": data["set_back"] + set_back,
        "n_kept": data["n_kept"] + len(stays),
        "kept": [*data["kept"], *map(kept, stays)][:MOST_KEPT],
    }
    _set(session, row, "undo", plain)


def notes(more: Mapping[str, int]) -> list[str]:
    """What is said about a file as a whole, from what was added up."""
    found = []
    if n := more.get("split", 0):
        words = ngettext(
            "{count} order holds quantities above and below zero: what was taken back "
            "became an order of its own, with /R, /C or /A behind the number.",
            "{count} orders hold quantities above and below zero: what was taken back "
            "became orders of their own, with /R, /C or /A behind the number.",
            n,
        )
        found.append(words.format(count=f"{n:,}"))
    if n := more.get("blank", 0):
        words = ngettext(
            "{count} blank row was skipped.", "{count} blank rows were skipped.", n
        )
        found.append(words.format(count=f"{n:,}"))
    if n := more.get("walk_in", 0):
        words = ngettext(
            "{count} order without a customer went to the walk-in customer.",
            "{count} orders without a customer went to the walk-in customer.",
            n,
        )
        found.append(words.format(count=f"{n:,}"))
    return found


def _run(row: ImportRun) -> dict[str, Any]:
    fresh = {
        "counts": asdict(Counts()),
        "made": {},
        "changed": {},
        "more": {},
        "total": None,
        "finished": False,
    }
    return fresh | (row.counts.get("run") or {})


def _set(session: Session, row: ImportRun, name: str, data: Mapping[str, Any]) -> None:
    row.counts = {**row.counts, name: dict(data)}
    session.flush()


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    names = dict.fromkeys([*one, *other])
    return {name: one.get(name, 0) + other.get(name, 0) for name in names}


def _plain_alike(one: Alike) -> dict[str, Any]:
    issues = [asdict(each) | {"reason": kept(each.reason)} for each in one.issues]
    return asdict(one) | {"reason": kept(one.reason), "issues": issues}


def _alike(data: Mapping[str, Any]) -> Alike:
    outcome, issues = Outcome(data["outcome"]), tuple(map(_issue, data["issues"]))
    reason = told(data["reason"])
    return Alike(**{**data, "outcome": outcome, "reason": reason, "issues": issues})


def _issue(data: Mapping[str, Any]) -> Issue:
    outcome = Outcome(data["outcome"])
    reason, cells = told(data["reason"]), tuple(data["cells"])
    return Issue(**{**data, "outcome": outcome, "reason": reason, "cells": cells})


def _doubt(data: Mapping[str, Any]) -> Doubt:
    kinds: tuple[type[NumberFormat | DateOrder], ...] = (NumberFormat, DateOrder)
    kind = next(kind for kind in kinds if data["chosen"] in set(kind))
    return Doubt(data["column"], kind(data["chosen"]), told(data["words"]))


def _undo(data: Mapping[str, Any]) -> UndoReport:
    return UndoReport(**{**data, "kept": tuple(map(told, data["kept"]))})
