"""What a check could not place in a file: each term with what may be meant by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.models import Action, Product, StageKind, User
from crm.services.imports import stored
from crm.services.imports.choices import Choices
from crm.services.imports.fillable import may_assign
from crm.services.imports.headers import fingerprint
from crm.services.imports.meanings import MAKE, NOTHING, stage_term, ways

MOST = 50  # offered for one term
LIKELY = 0.8  # the least share of letters that agree, to be offered first

Options = dict[str, str]


@dataclass(frozen=True)
class Term:
    """Something that the file says and that is the name of nothing here.

    Args:
        field: “product”, “pipeline”, “stage” or “owner”.
        text: as in the file; of a stage with its pipeline in front.
        options: answer → what it is called, likeliest first; the answers `MAKE` and
            `NOTHING` stand for themselves, and only where they are possible.
        likely: the answer that is probably right, None where none is.
        answer: what was answered, None while nobody has.
    """

    field: str
    text: str
    rows: int
    options: Mapping[str, str]
    likely: str | None
    answer: str | None


def terms(session: Session, import_id: int) -> list[Term]:
    """The terms of the last check, those of most rows first, field by field.

    Raises:
        NotFound: there is no such import, or it is somebody else's.
    """
    row = stored.run(session, import_id)
    found = (row.counts.get("check") or {}).get("terms", [])
    choices = stored.choices_of(row) or Choices()
    known = {field: _known(session, field) for field in {one[0] for one in found}}
    told = [
        _term(session, field, text, rows, known[field], choices)
        for field, text, rows in found
    ]
    return sorted(told, key=lambda one: (_ORDER.index(one.field), -one.rows))


_ORDER = ("pipeline", "stage", "product", "owner")


def _term(
    session: Session,
    field: str,
    text: str,
    rows: int,
    known: Options,
    choices: Choices,
) -> Term:
    if field == "stage":
        known = _stages(session, text)
        ranked = _ranked(text.rpartition(": ")[2], known)
    else:
        ranked = _ranked(text, known)
    names = {key: known[key] for key, _score in ranked}
    best = next(iter(ranked), (None, 0.0))
    actor = db.actor_of(session)
    may_make = {
        "product": (Action.CREATE, "product"),
        "stage": (Action.CREATE, "stage"),
    }
    if field in may_make and actor.may(*may_make[field]):
        names[MAKE] = text
    if field in ("product", "owner"):
        names[NOTHING] = text
    answer = choices.meant.get(field, {}).get(text)
    return Term(
        field=field,
        text=text,
        rows=rows,
        options=names,
        likely=best[0] if best[1] >= LIKELY else None,
        answer=answer if answer in names else None,
    )


def _known(session: Session, field: str) -> Options:
    """What could be meant by a term of the field, by id."""
    if field == "pipeline":
        return {str(one.id): one.name for one in ways(session, {}).pipelines}
    if field == "owner" and may_assign(db.actor_of(session)):
        users = select(User).order_by(col(User.name), col(User.id))
        return {str(one.id): one.name for one in session.scalars(users)}
    if field == "product":
        products = select(col(Product.id), col(Product.name), col(Product.sku))
        found = session.execute(products.order_by(col(Product.name), col(Product.id)))
        return {
            str(key): name if name == sku else f"{name} ({sku})"
            for key, name, sku in found
        }
    return {}


def _stages(session: Session, text: str) -> Options:
    """The stages of the pipeline that the term names, open ones first."""
    known = ways(session, {})
    found = [
        stage
        for pipeline in known.pipelines
        if text.startswith(stage_term(pipeline, ""))
        for stage in known.stages
        if stage.pipeline_id == pipeline.id
    ]
    in_order = sorted(found, key=lambda one: one.kind is not StageKind.OPEN)
    return {str(one.id): one.name for one in in_order}


def _ranked(text: str, known: Options) -> list[tuple[str, float]]:
    """The likeliest answers with the share of their letters that agree, 0 to 1."""
    from rapidfuzz import fuzz, process

    spelled = _spelled(tuple(known.items()))
    found: Any = process.extract(
        fingerprint(text), spelled, scorer=fuzz.ratio, limit=None
    )
    best: dict[str, float] = {}
    for _name, score, (key, _part) in found:
        best.setdefault(key, score / 100)
    return list(best.items())[:MOST]


@lru_cache(maxsize=4)
def _spelled(known: tuple[tuple[str, str], ...]) -> dict[tuple[str, int], str]:
    """All ways to call what is known: as it is shown; of products, name and SKU."""
    spelled = {}
    for key, label in known:
        name, _bracket, code = label.removesuffix(")").rpartition(" (")
        for part, text in enumerate(filter(None, (label, name, name and code))):
            spelled[key, part] = fingerprint(text)
    return spelled
