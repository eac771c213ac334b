"""The orders that lines make: one number, or several where both signs are in it."""

from collections.abc import Set
from itertools import chain, count

import numpy as np
import pandas as pd
from sqlmodel import Session

from crm.i18n import _
from crm.models import Order
from crm.services.imports import lookups
from crm.services.imports.layout import Layout
from crm.services.imports.order_lines import MOST, Ints, Lines, Mask, Part, parts
from crm.services.imports.verdict import Fate, Verdict
from crm.services.prices.pricing import LARGEST

SUFFIX = {Part.CANCELLATION: "/C", Part.RETURN: "/R", Part.ADJUSTMENT: "/A"}
LONGEST_NUMBER = 60


def divided(
    session: Session,
    layout: Layout,
    verdict: Verdict,
    lines: Lines,
    has_customer: Mask,
) -> tuple[pd.DataFrame, Ints]:
    """The orders to make of the lines that are open, see `OrderPlan.orders`, and for
    each line which of them it goes to, −1 where to none.
    """
    key = lines.order * len(Part) + parts(lines, has_customer)
    _fail_large(verdict, lines, key)
    _fail_long(layout, verdict, lines, key)
    is_open = verdict.is_open
    keys, places = np.unique(key[is_open], return_inverse=True)
    line_of = np.full(len(key), -1, dtype=np.int64)
    line_of[is_open] = places
    total = np.zeros(len(keys), dtype=np.int64)
    np.add.at(total, places, lines.amount[is_open])
    made = pd.DataFrame(
        {"place": keys // len(Part), "part": keys % len(Part), "total": total}
    )
    made["leads"] = ~made["place"].duplicated()
    made["number"] = _numbers(session, lines, made)
    return made, line_of


def fail_the_rest(verdict: Verdict, lines: Lines) -> None:
    """An order goes in whole or not at all: where a line has failed, all do."""
    failed = np.flatnonzero(verdict.fates == Fate.FAILED)[::-1]
    first = np.full(lines.n_orders, -1, dtype=np.int64)
    first[lines.order[failed]] = verdict.batch.rows[failed]  # the first is set last
    words = _("Another line of this order cannot go in; see row {row}.")
    rest = verdict.is_open & (first[lines.order] >= 0)
    for place in np.flatnonzero(rest).tolist():
        told = words.format(row=f"{first[lines.order[place]]:,}")
        verdict.decide(place, Fate.FAILED, told, kind=words)


def too_large() -> str:
    """What is told of an order that is worth more than one can be."""
    words = _("An order is worth at most {amount}.")
    return words.format(amount=f"{LARGEST:,}")


def free_number(number: str, taken: Set[str]) -> str:
    """`number`, or with 2, 3 … behind it, whichever is not taken."""
    numbers = chain([number], (f"{number}{n}" for n in count(2)))
    return next(each for each in numbers if each not in taken)


def _numbers(session: Session, lines: Lines, made: pd.DataFrame) -> list[str]:
    """What the orders are called; a part that does not lead gets a suffix."""
    own = [lines.number[place] or "" for place in made["place"]]
    suffixes = [
        "" if leads else SUFFIX[Part(part)]
        for leads, part in zip(made["leads"], made["part"], strict=True)
    ]
    called = [f"{number}{end}" for number, end in zip(own, suffixes, strict=True)]
    split = [name for name, end in zip(called, suffixes, strict=True) if end]
    wanted = {f"{name}{n}" for name in split for n in ("", *range(2, 10))}
    there = lookups.holders(session, Order, "number_key", wanted).keys()
    taken = there | set(filter(None, lines.number))
    return [
        free_number(name, taken) if end else name
        for name, end in zip(called, suffixes, strict=True)
    ]


def _fail_large(verdict: Verdict, lines: Lines, key: Ints) -> None:
    """Orders that are worth too much; as floats, which do not overflow."""
    worth = np.where(verdict.is_open, np.abs(lines.amount.astype(float)), 0.0)
    sums = np.bincount(key, weights=worth)
    verdict.tell(sums[key] > MOST, Fate.FAILED, too_large())
    fail_the_rest(verdict, lines)


def _fail_long(layout: Layout, verdict: Verdict, lines: Lines, key: Ints) -> None:
    """Orders that become several, and whose number has no room for a suffix."""
    is_open = verdict.is_open
    kinds = pd.Series(key[is_open]).groupby(lines.order[is_open]).nunique()
    split = kinds.index[kinds > 1].to_numpy()
    long = [len(lines.number[place] or "") > LONGEST_NUMBER - 4 for place in split]
    bad = np.isin(lines.order, split[np.array(long, dtype=bool)])
    words = _("The order holds sales and returns; its number is too long to split.")
    verdict.tell(bad, Fate.FAILED, words, layout.columns["order_number"])
