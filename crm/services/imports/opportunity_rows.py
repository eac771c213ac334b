"""Rows that are opportunities: what becomes of each, as the database is now."""

from datetime import datetime
from typing import Any

import numpy as np
from sqlmodel import Session

from crm.i18n import _
from crm.models import Opportunity, Stage, StageKind, utcnow
from crm.services import days, naming
from crm.services.imports import opportunity_parts as parts
from crm.services.imports.batches import Batch
from crm.services.imports.choices import Mode
from crm.services.imports.layout import Layout
from crm.services.imports.opportunity_facts import sales_facts
from crm.services.imports.opportunity_plan import (
    Moved,
    NewOpportunity,
    OpportunityPlan,
    Refused,
    SalesRow,
    Values,
)
from crm.services.imports.opportunity_times import Impossible, Times, end, times
from crm.services.imports.parsed import WORDS, Reason
from crm.services.imports.record_rows import judge_repeated
from crm.services.imports.verdict import Fate, Verdict
from crm.services.sales.opportunity_fields import GATES

COLUMNS = (
    *("external_id", "name", "amount", "currency"),
    *("source", "competitor", "notes"),
)
"""Fields that are columns of an opportunity by that name."""


def plan_opportunities(
    session: Session, batch: Batch, layout: Layout
) -> OpportunityPlan:
    """What would become of the rows, as the database is now; nothing is written."""
    verdict = Verdict(batch)
    verdict.judge_cells(layout, batch.parsed)
    judge_repeated(verdict, layout)
    places = np.flatnonzero(verdict.is_open).tolist()
    facts = sales_facts(session, layout, batch.parsed, places)
    plan = OpportunityPlan(Opportunity, verdict)
    for place in places:
        OpportunityRow(session, layout, facts, plan, place).judge()
    return plan


class OpportunityRow(SalesRow):
    """One row on its way to an opportunity."""

    def judge(self) -> None:
        """Decide what becomes of the row, and plan it."""
        try:
            super().judge()
        except Refused as why:
            self._end(why.fate, why.words, why.field, **why.facts)
        except Impossible as why:
            self._end(Fate.FAILED, _(why.words), why.field)

    def _make(self) -> None:
        if self.layout.choices.mode is Mode.UPDATE:
            raise Refused(_("There is no such record to change."), fate=Fate.SKIPPED)
        if self._value("stage") is None and self._value("state") is None:
            raise Refused(_(WORDS[Reason.MISSING]), "stage")
        values = {n: v for n, v in self._given(None).items() if v is not None}
        if self._is_wrong(values, None):
            return
        product = parts.product(self)  # what is unclear is asked at once, all of it
        values |= parts.owner(self)
        stage = parts.stage(self, None)
        when = times(
            self._value("opened"),
            self._value("closes"),
            stage.kind,
            now=utcnow(),
            zone=self.facts.zone,
        )
        values |= parts.reason(self, stage.kind, None)
        values |= parts.money(self, values, days.day_of(when.opened_at)) | _standing(
            stage, when
        )
        parts.check_asked(self, stage, values)
        customer, key = parts.customer(self)
        values |= {} if customer is None else {"customer_id": customer}
        values["created_at"] = when.opened_at
        values.setdefault("name", parts.name(self, product))
        made = NewOpportunity(values, self._custom(), when, key, product)
        self.plan.made.append(made)
        self.plan.verdict.fates[self.place] = Fate.CREATED

    def _change(self, row: Any) -> None:
        if self.layout.choices.mode is Mode.CREATE:
            called = naming.called(row)
            words = _("{record} is there already.")
            raise Refused(words, fate=Fate.DUPLICATE, record=called)
        given = self._given(row)
        values = {
            n: v for n, v in given.items() if self._wins(row, n, getattr(row, n), v)
        }
        if self._is_wrong(values, row.id):
            return
        now = utcnow()
        at = self._move(row, values, now)
        if {"amount", "currency"} & values.keys():
            parts.money(self, {**_worth(row), **values}, days.day_of(now))
        values |= self._won(row, parts.reason(self, values.get("state"), row))
        values |= self._won(row, parts.owner(self, is_there=True))
        values |= self._won(row, parts.other_customer(self))
        if "stage_id" in values:
            self._check_asked(row, values)
        edit = Moved(row, values, self._newer_custom(row), [], at=at)
        differs = bool(edit.values or edit.custom)
        if differs:
            self.plan.edits.append(edit)
        fate = Fate.UPDATED if differs else Fate.UNCHANGED
        self.plan.verdict.fates[self.place] = fate

    def _check_asked(self, row: Any, values: Values) -> None:
        """A move into a stage that asks for fields which are empty then."""
        held = {name: getattr(row, name) for name in GATES}
        parts.check_asked(self, parts.stage(self, row), held | values)

    def _names(self) -> list[str]:
        return [name for name in COLUMNS if name in self.facts.values]

    def _move(self, row: Any, values: Values, now: datetime) -> datetime:
        """Put into `values` the stage and the end that the file tells; when it moves
        there.
        """
        stage, at = parts.stage(self, row), now
        if stage.id == row.stage_id or not self._goes_on(row, stage):
            kind = row.state
        else:
            kind = stage.kind
            values |= {"stage_id": stage.id, "pipeline_id": stage.pipeline_id}
            values |= {"state": kind, "closed_at": None}
        closes = self._value("closes")
        if kind is not StageKind.OPEN and (closes or "state" in values):
            at = end(row.created_at, closes, now=now, zone=self.facts.zone)
            if "state" in values or self._ends_otherwise(row, at):
                values["closed_at"] = at
        if "state" in values:
            values["stage_since"] = at
        if closes is not None:
            day = closes.astimezone(self.facts.zone).date()
            if self._wins(row, "closes", row.close_on, day):
                values["close_on"] = day
        if "closed_at" in values and values["closed_at"] == row.closed_at:
            del values["closed_at"]
        return at

    def _goes_on(self, row: Any, stage: Stage) -> bool:
        """Whether the file moves it; a stage that is to be made has no id yet."""
        return self._wins(row, "stage", row.stage_id, stage.id or 0)

    def _ends_otherwise(self, row: Any, at: datetime) -> bool:
        """Whether the file names another day for the end than is known."""
        days = {one.astimezone(self.facts.zone).date() for one in (at, row.closed_at)}
        return len(days) > 1 and self._wins(row, "closes", row.closed_at, at)

    def _won(self, row: Any, said: Values) -> Values:
        """Those of `said` that replace what the record holds, or empty it."""
        return {
            name: value
            for name, value in said.items()
            if value != getattr(row, name)
            and (
                value is None
                or self._wins(row, _FIELD[name], getattr(row, name), value)
            )
        }


_FIELD = {
    "won_reason": "reason",
    "lost_reason": "reason",
    "close_note": "reason",
    "owner_id": "owner",
    "customer_id": "customer_name",
}
"""Column → the field whose policy counts."""


def _standing(stage: Stage, when: Times) -> Values:
    return {
        "pipeline_id": stage.pipeline_id,
        "stage_id": stage.id,
        "state": stage.kind,
        "stage_since": when.closed_at or when.opened_at,
        "closed_at": when.closed_at,
        "close_on": when.close_on,
    }


def _worth(row: Opportunity) -> Values:
    return {"amount": row.amount, "currency": row.currency}
