"""The plan for a batch of opportunities, and what its rows are judged with."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm.models import folded, utcnow
from crm.services.imports.meanings import Meant
from crm.services.imports.opportunity_facts import SalesFacts
from crm.services.imports.opportunity_times import Times
from crm.services.imports.record_rows import Edit, RecordPlan, RecordRow, Values
from crm.services.imports.verdict import Fate

__all__ = [
    "Moved",
    "NewOpportunity",
    "OpportunityPlan",
    "Refused",
    "SalesRow",
    "Values",
]


class Refused(Exception):
    """The row does not go in.

    Args:
        words: why, in the user's language, with places for `facts`.
        field: the field at fault.
    """

    def __init__(
        self,
        words: str,
        field: str | None = None,
        *,
        fate: Fate = Fate.FAILED,
        **facts: object,
    ) -> None:
        super().__init__(words)
        self.words, self.field, self.fate, self.facts = words, field, fate, facts


@dataclass(frozen=True)
class NewOpportunity:
    """An opportunity to make.

    Args:
        values: its columns; `customer_id` is missing where `customer` tells which.
        customer: the key of a customer to make, None for the walk-in customer.
        product: what its one line is about; None for no line.
    """

    values: Values
    custom: Values
    times: Times
    customer: str | None
    product: Meant | None


@dataclass(frozen=True)
class Moved(Edit):
    """An opportunity to change; `at` is when it moved, where it does."""

    at: datetime = field(default_factory=utcnow)


@dataclass
class OpportunityPlan(RecordPlan):
    """What a batch of rows does to opportunities.

    `customers` are those to make, by a key; `keys` finds that by id and by name.
    """

    made: list[NewOpportunity] = field(default_factory=list)
    customers: dict[str, Values] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def customer_to_make(self, name: str, external: str | None) -> str:
        """The key of a customer to make: once, whatever rows say about it."""
        by_id, by_name = f"id {external}", f"name {folded(name)}"
        key = (external and self.keys.get(by_id)) or self.keys.get(by_name)
        held = self.customers[key] if key else {}
        if key and external and held["external_id"] is None:
            held["external_id"] = external
        if not key or (external and held["external_id"] != external):
            key = by_id if external else by_name
            self.customers[key] = {"name": name, "external_id": external}
            self.keys.setdefault(by_name, key)
        if external:
            self.keys[by_id] = key
        return key


@dataclass
class SalesRow(RecordRow):
    """One row, and what it needs to say about itself."""

    facts: SalesFacts
    plan: OpportunityPlan

    def value(self, name: str) -> Any:
        """What the row says in a field; None where nothing."""
        return self._value(name)

    def wonder(self, name: str, text: str) -> None:
        """Ask what is meant by `text`."""
        self.plan.verdict.terms[name, text] += 1

    def remark(self, name: str | None, words: str, **facts: object) -> None:
        """Say what the row goes in without; `name` is the field at fault."""
        column, told = self.layout.columns.get(name or ""), words.format(**facts)
        self.plan.verdict.lacking(self.place, column, told, words)
