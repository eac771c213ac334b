"""What a file of opportunities calls products, pipelines, stages and owners.

A name that fits is taken. What fits nothing is a term that somebody has to explain,
in `Choices.meant`: the id of what is meant, `MAKE` it anew, or `NOTHING`. A name that
is only similar is offered, never taken unasked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.models import Pipeline, Product, Stage, StageKind, folded
from crm.services.imports import lookups
from crm.services.imports.targets import OPPORTUNITIES
from crm.services.prices import skus
from crm.services.sales import pipelines

MAKE, NOTHING = "make", "nothing"

Answers = Mapping[str, str]


@dataclass(frozen=True)
class Meant:
    """A product that is meant; `id` is None for one that the run will make first."""

    id: int | None
    name: str
    price: Decimal | None = None
    tax_rate: Decimal | None = None


def products(
    session: Session, texts: Iterable[str], answers: Answers
) -> tuple[dict[str, Meant], set[str]]:
    """Products by what the file calls them, and the texts that need an answer."""
    wanted = sorted(set(texts))
    by_sku = skus.known(session, wanted)
    named: dict[str, list[Any]] = {}
    for row in lookups.by_name(session, Product, {folded(text) for text in wanted}):
        named.setdefault(folded(row.name), []).append(row)
    chosen = {text: answers.get(text, "") for text in wanted}
    by_id = _by_id(session, chosen.values())
    found: dict[str, Meant] = {}
    asked = set()
    for text in wanted:
        mine = by_sku.get(text)
        rows = [mine] if mine else named.get(folded(text), [])
        if len(rows) != 1:
            asked.add(text)
            rows = by_id.get(chosen[text], [])
        if len(rows) == 1:
            row = rows[0]
            found[text] = Meant(row.id, row.name, row.price, row.tax_rate)
        elif chosen[text] == MAKE:
            found[text] = Meant(None, text)
    return found, asked


@dataclass(frozen=True)
class Ways:
    """The pipelines with their stages, and how the file's words for them are meant."""

    pipelines: Sequence[Pipeline]
    stages: Sequence[Stage]
    meant: Mapping[str, Answers]

    def pipeline(self, text: str | None, chosen: int | None) -> Pipeline | None:
        """The pipeline of that name, or as answered; without a text the one `chosen`,
        or the first.
        """
        if text is None:
            ids = {one.id: one for one in self.pipelines}
            return ids.get(chosen) if chosen is not None else self.pipelines[0]
        answer = self.meant.get("pipeline", {}).get(text, "")
        for one in self.pipelines:
            if folded(one.name) == folded(text) or str(one.id) == answer:
                return one
        return None

    def stage(
        self, pipeline: Pipeline, text: str | None, state: StageKind | None
    ) -> Stage | None:
        """The stage of a pipeline that is meant; None where nobody knows.

        A stage that is to be made has no id yet. What is won or lost stands in the
        stage for that, whatever it was called before.
        """
        mine = [one for one in self.stages if one.pipeline_id == pipeline.id]
        named = self.named(pipeline, text)
        if state in (StageKind.WON, StageKind.LOST):
            fits = named is not None and named.kind is state
            return named if fits else _first(mine, state)
        if named is not None or text is None:
            return named or _first(mine, StageKind.OPEN)
        answer = self.meant.get("stage", {}).get(stage_term(pipeline, text), "")
        if answer == MAKE:
            return Stage(pipeline_id=pipeline.id, name=text, kind=StageKind.OPEN)
        return next((one for one in mine if str(one.id) == answer), None)

    def named(self, pipeline: Pipeline, text: str | None) -> Stage | None:
        """The stage of that name; of words for won and lost, the stage for that."""
        mine = [one for one in self.stages if one.pipeline_id == pipeline.id]
        for one in mine:
            if text is not None and folded(one.name) == folded(text):
                return one
        kind = ENDS.get(folded(text))
        return None if kind is None else _first(mine, kind)

    def first_open(self, pipeline_id: int) -> Stage:
        """Where opportunities of a pipeline begin."""
        mine = (one for one in self.stages if one.pipeline_id == pipeline_id)
        return next(one for one in mine if one.kind is StageKind.OPEN)


def ways(session: Session, meant: Mapping[str, Answers]) -> Ways:
    """All pipelines and stages, as they are now."""
    return Ways(pipelines.listed(session), pipelines.stages(session), meant)


def stage_term(pipeline: Pipeline, text: str) -> str:
    """What is asked about a stage: pipelines may have stages of the same name."""
    return f"{pipeline.name}: {text}"


def _first(stages: Sequence[Stage], kind: StageKind) -> Stage | None:
    return next((one for one in stages if one.kind is kind), None)


def _by_id(session: Session, answers: Iterable[str]) -> dict[str, list[Product]]:
    ids = sorted({int(one) for one in answers if one.isdecimal()})
    if not ids:
        return {}
    rows = session.scalars(select(Product).where(db.ids_in(col(Product.id), ids)))
    return {str(row.id): [row] for row in rows}


def _ends() -> dict[str, StageKind]:
    words = OPPORTUNITIES.field("state").choices
    return {
        folded(word): StageKind(kind)
        for kind in ("won", "lost")
        for word in (kind, *words[kind])
    }


ENDS = _ends()
