"""Suggestions in the background: from the latest analyses, and what came of earlier."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import delete
from sqlmodel import Session, col

from crm import db, warehouse
from crm.analytics import hold_out
from crm.errors import NotEnoughData
from crm.i18n import _
from crm.jobs.context import JobContext
from crm.jobs.registry import job
from crm.jobs.turns import Turns
from crm.models import Analysis, SuggestionKind
from crm.models.suggestions import WATCHED_FOR
from crm.models.words import kept
from crm.services import analyses, candidates, days
from crm.services.customers import suggestions
from crm.services.customers.suggestions import Candidate
from crm.warehouse import House

KIND = "suggestions"
STALE = 7  # days: then it is made anew
OLDEST = 14  # days: an analysis that is older suggests nothing
FIRST = 300  # candidates by worth
OF_EACH = 10  # and these of each owner


@job(KIND)
def suggest(context: JobContext) -> dict[str, Any]:
    """New suggestions for all customers, and what the earlier ones have changed."""
    if not context.actor.sees_all:
        return {"made": 0}
    data_at = context.step("refresh", warehouse.refresh)
    today = days.today()
    context.write("again", lambda session: _ask_again(session, today))
    with warehouse.reading(hidden=context.actor.hidden) as house:
        owners = house.customers().set_index("customer_id")["owner_id"]
        orders = house.buyers(today).set_index("customer_id")["monetary"]
        effects = _effects(context, house, today)
    made, turns = 0, Turns(context)
    for number, (shown, found) in enumerate(_found(context, orders, today)):
        context.progress(0.5, _("Choosing whom to act on"))
        chosen, analysis_id = _chosen(found, owners), shown.id

        def keep(
            session: Session,
            chosen: list[Candidate] = chosen,
            analysis_id: int = analysis_id,
        ) -> int:
            return suggestions.make(
                session,
                chosen,
                analysis_id=analysis_id,
                on=today,
                lot=random.SystemRandom(),
            )

        made += turns.write(f"make {number}", keep)
    kept = Analysis(
        kind=KIND,
        as_of=today,
        data_at=data_at,
        summary={"effects": effects},
        job_id=context.job.id,
    )
    context.write("effects", lambda session: _replace(session, kept))
    return {"made": made}


def _ask_again(session: Session, today: date) -> None:
    """Once somebody has asked for an analysis, it is made anew every week; not one of
    a day of the past, which stays what it is."""
    churn = analyses.latest(session, "churn", of_its_day=True)
    if churn is not None and (today - churn.as_of).days >= STALE:
        asked = {name: one for name, one in churn.parameters.items() if name != "scope"}
        analyses.ask(session, "churn", _("Churn"), asked, as_of=today)


def _found(
    context: JobContext, orders: pd.Series, today: date
) -> Iterator[tuple[Analysis, list[Candidate]]]:
    """What each analysis that is fresh enough proposes."""
    with db.reading(context.actor) as session:
        churn = _fresh(session, "churn", today)
        rules = _fresh(session, "association_rules", today)
        if churn is not None:
            is_rule = churn.summary["method"] == "rule"
            model = "rule" if is_rule else churn.summary["best"]
            scores = analyses.table(session, churn.id, f"scores_{model}")
            yield churn, list(candidates.win_back(churn, scores))
        if rules is not None and _is_proven(rules):
            offers = analyses.table(session, rules.id, "offers")
            yield rules, list(candidates.next_product(rules, offers, orders))


def _fresh(session: Session, kind: str, today: date) -> Analysis | None:
    found = analyses.latest(session, kind, of_its_day=True)
    return found if found and (today - found.as_of).days <= OLDEST else None


def _is_proven(rules: Analysis) -> bool:
    """Whether its offers were better than what most buy: else nothing is suggested."""
    return bool(rules.summary.get("next_product", {}).get("method") == "similar")


def _chosen(found: Iterable[Candidate], owners: pd.Series) -> list[Candidate]:
    """The first by worth, and the first of each owner, so that each has a list."""
    ranked = sorted(found, key=lambda one: (-one.worth, one.customer_id))
    of_each: dict[Any, int] = {}
    kept = []
    for place, one in enumerate(ranked):
        owner = owners.get(one.customer_id)
        owner = None if pd.isna(owner) else owner
        of_each[owner] = of_each.get(owner, 0) + 1
        if place < FIRST or of_each[owner] <= OF_EACH:
            kept.append(one)
    return kept


def _effects(context: JobContext, house: House, today: date) -> dict[str, Any]:
    """What suggestions have changed, by kind; why not, where it cannot be said."""
    with db.reading(context.actor) as session:
        watched = suggestions.watched(session, on=today)
    found = {}
    for kind in SuggestionKind:
        of_kind = watched[watched["kind"] == kind.value]
        try:
            found[kind.value] = asdict(hold_out.effect(_outcomes(house, of_kind)))
        except NotEnoughData as why:
            found[kind.value] = {"why_not": kept(why.words)}
    return found


def _outcomes(house: House, watched: pd.DataFrame) -> pd.DataFrame:
    """Revenue of each customer in the days after it was suggested."""
    parts = []
    for made_on, rows in watched.groupby("made_on"):
        future = house.future(made_on, WATCHED_FOR.days)
        revenue = future.set_index("customer_id")["revenue"]
        parts.append(rows.assign(revenue=rows["customer_id"].map(revenue).fillna(0.0)))
    return pd.concat(parts) if parts else watched.assign(revenue=0.0)


def _replace(session: Session, kept: Analysis) -> int:
    analysis_id = analyses.store(session, kept, {})
    earlier = delete(Analysis).where(
        col(Analysis.kind) == KIND,
        col(Analysis.id) < analysis_id,
    )
    session.connection().execute(earlier)
    return analysis_id
