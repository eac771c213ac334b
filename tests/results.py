"""Analyses in tests: have one computed and look at what is kept; a shop to look at."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from crm import db
from crm.jobs.run import run_here
from crm.models import SYSTEM, Actor, Analysis, Customer, Job, Order
from crm.services import analyses
from tests import make

TODAY = date(2026, 1, 31)


@dataclass(frozen=True)
class Results:
    """The analyses of a kind; `asked` are its parameters unless a test has others."""

    kind: str
    asked: dict[str, Any]
    as_of: date = TODAY

    def computed(
        self, actor: Actor, *, as_of: date | None = None, **changed: Any
    ) -> Job:
        """The job that `actor` has asked for, done here."""
        given = self.asked | changed
        with db.transaction(actor) as session:
            day = as_of or self.as_of
            job = analyses.ask(session, self.kind, self.kind, given, as_of=day)
        run_here(job.id)
        with db.reading(actor) as session:
            return db.get(session, Job, job.id)

    def latest(self, actor: Actor) -> Analysis:
        with db.reading(actor) as session:
            found = analyses.latest(session, self.kind)
        assert found is not None
        return found

    def table(self, actor: Actor, name: str) -> pd.DataFrame:
        """A table of the latest."""
        with db.reading(actor) as session:
            return analyses.table(session, self.latest(actor).id, name)


def shop(customers: int, *, seed: int = 1, owner: Actor | None = None) -> list[int]:
    """Customers who have bought within a year, each at a rate of its own."""
    random = np.random.default_rng(seed)
    owner_id = owner.user_id if owner else None
    with db.transaction(SYSTEM) as session:
        made = [Customer(name=f"C{n}", owner_id=owner_id) for n in range(customers)]
        session.add_all(made)
        session.flush()
        for customer, rate in zip(made, random.gamma(1, 5, customers), strict=True):
            for back in random.integers(0, 365, 1 + random.poisson(rate)):
                session.add(order(customer.id, TODAY - timedelta(days=int(back))))
        return [customer.id for customer in made]


def order(customer_id: int, day: date) -> Order:
    """One of 100 euro, at noon."""
    return Order(
        number=f"C-{next(make.numbers)}",
        customer_id=customer_id,
        ordered_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        currency="EUR",
        total=Decimal(100),
    )
