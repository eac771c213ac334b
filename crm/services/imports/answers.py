"""Products and stages that somebody has asked for when explaining a file."""

from decimal import Decimal

from sqlmodel import Session

from crm import db
from crm.models import Product, StageKind
from crm.services.imports import bulk
from crm.services.imports.choices import Choices
from crm.services.imports.meanings import MAKE, products, stage_term, ways
from crm.services.imports.record_writing import Tally
from crm.services.prices import skus
from crm.services.sales import pipeline_setup


def make(session: Session, choices: Choices, import_id: int) -> Tally:
    """Make what is to be made and is not there yet, before the first row is written.

    A stage stays after an undo: what is in the recycle bin stands in it.

    Raises:
        Forbidden: the actor may not.
        RuleBroken: a pipeline would have too many stages.
    """
    return {
        "product": _products(session, choices, import_id),
        "stage": _stages(session, choices),
    }


def _products(session: Session, choices: Choices, import_id: int) -> int:
    answers = choices.meant.get("product", {})
    asked = [text for text, answer in answers.items() if answer == MAKE]
    wanted = {skus.key(text): text for text in reversed(asked)}.values()
    there, _asked = products(session, wanted, {})
    at = db.pending_of(session).at
    rows = [
        bulk.prepared(
            Product,
            {"sku": skus.spaced(text)[:60], "name": text, "import_id": import_id},
            at,
        )
        for text in wanted
        if text not in there
    ]
    return len(bulk.insert_records(session, Product, rows, import_id))


def _stages(session: Session, choices: Choices) -> int:
    answers, made = choices.meant.get("stage", {}), 0
    known = ways(session, {})
    wanted = {term for term, answer in answers.items() if answer == MAKE}
    for pipeline in known.pipelines:
        start = stage_term(pipeline, "")
        for term in sorted(one for one in wanted if one.startswith(start)):
            name = term.removeprefix(start)
            if known.named(pipeline, name) is None:
                form = pipeline_setup.StageForm(name, _chance(session, pipeline.id))
                pipeline_setup.add_stage(session, pipeline.id, form)
                made += 1
    return made


def _chance(session: Session, pipeline_id: int) -> Decimal:
    """That of the last open stage, behind which a new one is put."""
    stages = ways(session, {}).stages
    mine = [one for one in stages if one.pipeline_id == pipeline_id]
    return next(
        (one.probability for one in reversed(mine) if one.kind is StageKind.OPEN),
        Decimal(0),
    )
