"""Rows that are customers, contacts or products: found, compared, judged."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlmodel import Session

from crm import db
from crm.config import settings
from crm.i18n import _
from crm.models.base import Binned
from crm.services import naming
from crm.services.imports.choices import Mode, Policy
from crm.services.imports.keys import IDENTITY, UNIQUE, as_key
from crm.services.imports.layout import Layout
from crm.services.imports.parsed import WORDS, Reason
from crm.services.imports.record_facts import Facts
from crm.services.imports.targets import CHANGED_AT
from crm.services.imports.verdict import Fate, Verdict

Values = dict[str, Any]


@dataclass(frozen=True)
class New:
    """A record to make: its columns, custom values, and names of tags.

    `parent` is the name of the company above it, where that is made by the same batch.
    """

    values: Values
    custom: Values
    tags: list[str]
    parent: str | None = None


@dataclass(frozen=True)
class Edit:
    """A record to change: only what differs; tags to add; `parent` as of `New`."""

    row: Any
    values: Values
    custom: Values
    tags: list[str]
    parent: str | None = None


@dataclass
class RecordPlan:
    """What a batch of rows does to the records of one kind.

    `above` is company → the one above it, by folded name, of those that the batch
    makes; `below` are the places of such rows, each with what it calls that company.
    """

    table: type[Binned]
    verdict: Verdict
    new: list[New] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    above: dict[str, str] = field(default_factory=dict)
    below: list[tuple[int, str]] = field(default_factory=list)


def judge_repeated(verdict: Verdict, layout: Layout) -> None:
    """Leave out rows whose record, or unique value, stands in an earlier row."""
    for key, firsts in verdict.batch.firsts.items():
        repeated = (firsts != 0) & (firsts != verdict.batch.rows)
        words = _("The same {field} as in row {row}.")
        label = _("record")
        if key != IDENTITY:
            label = _(layout.target.field(key).label)
        column = layout.columns.get(key)
        for place in np.flatnonzero(repeated & verdict.is_open).tolist():
            told = words.format(field=label, row=f"{firsts[place]:,}")
            verdict.decide(place, Fate.DUPLICATE, told, column, kind=words + key)


@dataclass
class RecordRow:
    """One row on its way to a record."""

    session: Session
    layout: Layout
    facts: Facts
    plan: RecordPlan
    place: int
    parent: str | None = None

    def judge(self) -> None:
        """Decide what becomes of the row, and plan it."""
        found = self.facts.found.get(self.place, [])
        if len(found) > 1:
            words = _("{count} records fit; say which by another match column.")
            self._end(Fate.FAILED, words, count=len(found))
        elif found:
            self._change(found[0])
        else:
            self._make()

    def _make(self) -> None:
        if self.layout.choices.mode is Mode.UPDATE:
            return self._end(Fate.SKIPPED, _("There is no such record to change."))
        for name in self.layout.target.required:
            if self._value(name) is None:
                return self._end(Fate.FAILED, _(WORDS[Reason.MISSING]), name)
        given = {n: v for n, v in self._given(None).items() if v is not None}
        values = self._settled(None, given)
        if self._is_wrong(values, None):
            return None
        values |= self._links(None)
        if hasattr(self.plan.table, "owner_id") and "owner_id" not in values:
            values["owner_id"] = db.actor_of(self.session).user_id
        tags = self._value("tags") or []
        made = New(values, self._custom(), tags, self.parent)
        self.plan.new.append(made)
        self.plan.verdict.fates[self.place] = Fate.CREATED
        return None

    def _change(self, row: Any) -> None:
        if self.layout.choices.mode is Mode.CREATE:
            words = _("{record} is there already.")
            return self._end(Fate.DUPLICATE, words, record=naming.called(row))
        given = self._given(row)
        values = self._settled(
            row,
            {n: v for n, v in given.items() if self._wins(row, n, getattr(row, n), v)},
        )
        if self._is_wrong(values, row.id):
            return None
        links = {
            name: key
            for name, key in self._links(row).items()
            if self._wins(row, name.removesuffix("_id"), getattr(row, name), key)
        }
        custom = self._newer_custom(row)
        there = self.facts.held.tags.get(row.id, set())
        tags = [tag for tag in self._value("tags") or [] if tag not in there]
        if there and self._policy("tags") is Policy.FILL:
            tags = []
        edit = Edit(row, values | links, custom, tags, self.parent)
        differs = bool(edit.values or edit.custom or edit.tags or edit.parent)
        if differs:
            self.plan.edits.append(edit)
        fate = Fate.UPDATED if differs else Fate.UNCHANGED
        self.plan.verdict.fates[self.place] = fate
        return None

    def _given(self, _row: Any) -> Values:
        """What the file says about the columns of the record that is there, or None."""
        return {name: self._value(name) for name in self._names()}

    def _settled(self, _row: Any, values: Values) -> Values:
        """The columns that are set, with what follows from them."""
        return values

    def _names(self) -> Sequence[str]:
        """The mapped fields that are columns of the record."""
        return self.facts.columns

    def _value(self, name: str) -> Any:
        values = self.facts.values.get(name)
        return None if values is None else values[self.place]

    def _custom(self) -> Values:
        given = {name: self._value(name) for name in self.facts.custom}
        return {name: value for name, value in given.items() if value not in (None, [])}

    def _newer_custom(self, row: Any) -> Values:
        there = self.facts.held.custom.get(row.id, {})
        return {
            name: value
            for name, value in self._custom().items()
            if self._wins(row, name, there.get(name), value)
        }

    def _wins(self, row: Any, name: str, old: Any, new: Any) -> bool:
        """Whether what the file says replaces what the record holds."""
        if new is None or new == old:
            return False
        if name in ("email", "sku") and as_key(name, new) == as_key(name, old):
            return False
        policy = self._policy(name)
        if policy is Policy.FILL:
            return old in (None, [])
        if policy is Policy.NEWER:
            changed_at = self._value(CHANGED_AT)
            return changed_at is not None and changed_at > row.updated_at
        return True

    def _policy(self, name: str) -> Policy:
        return self.layout.choices.policies.get(name, Policy.OVERWRITE)

    def _is_wrong(self, values: Values, own_id: int | None) -> bool:
        """Whether a value cannot go in beside the other records; then it is told."""
        for name in UNIQUE[self.layout.target.name]:
            key = as_key(name, values.get(name))
            holder = self.facts.holders.get(name, {}).get(key or "")
            if key and holder not in (None, own_id):
                words = _("“{value}” belongs to another record.")
                self._end(Fate.FAILED, words, name, value=values[name])
                return True
        price = values.get("price")
        if price is not None and price < 0:
            self._end(Fate.FAILED, _("A price is not negative."), "price")
            return True
        if price is not None and self._is_foreign():
            del values["price"]
        return False

    def _is_foreign(self) -> bool:
        """Whether the price is in another currency than the books are kept in."""
        currency, own = self._value("currency"), settings().currency
        if currency in (None, own):
            return False
        words = _("The price is in {currency}, the books are in {own}; it is left out.")
        self._lacks("currency", words, currency=currency, own=own)
        return True

    def _links(self, _row: Any) -> dict[str, int]:
        """Ids of the owner and the customer that the row names."""
        links = {}
        if (owner := self._value("owner")) is not None:
            key = as_key("name", owner) or ""
            if key in self.facts.users:
                links["owner_id"] = self.facts.users[key]
            else:
                self._lacks("owner", _("There is no user “{who}”."), who=owner)
        if (text := self._value("customer")) is not None:
            ids = self.facts.customers.get(text, [])
            if len(ids) == 1:
                links["customer_id"] = ids[0]
            else:
                words = _("{count} customers are called “{who}”; none is linked.")
                self._lacks("customer", words, count=len(ids), who=text)
        return links

    def _lacks(self, name: str, words: str, **facts: object) -> None:
        column, told = self.layout.columns[name], words.format(**facts)
        self.plan.verdict.lacking(self.place, column, told, words)

    def _end(
        self, fate: Fate, words: str, name: str | None = None, **facts: object
    ) -> None:
        """Decide the row; `name` is the field at fault."""
        column = self.layout.columns.get(name) if name else None
        told = words.format(**facts)
        self.plan.verdict.decide(self.place, fate, told, column, kind=words)
