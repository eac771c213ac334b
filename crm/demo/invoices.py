"""What is invoiced of the orders of the last months, and what came in for it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

SINCE = 120  # days
DUE = {True: 14, False: 30}  # days; private customers first
SENT_WITHIN = 3  # days from the order of a company to its invoice
PAID_AFTER = 23.0  # days, of companies in the middle
NEVER_PAID = 0.04  # share
PARTLY = 0.04  # share of companies that have paid one half
REFUNDED_AFTER = 5  # days
CENT = 100  # ten-thousandths
NEVER = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class Bills:
    """Amounts in ten-thousandths of the currency of the order.

    Attributes:
        invoices: by the day of issue, credit notes among them: `number` (of the
            order or of the return), `credited` (the number of the order whose invoice
            a note credits, else ""), `issued_on`, `due_on` (NaT of notes), `net`,
            `tax`, `total`, and of invoices `paid` and `back` (of the notes, zero or
            less).
        payments: by day: `number` (of the order), `paid_on`, `amount`, `method`.
    """

    invoices: pd.DataFrame
    payments: pd.DataFrame


def draw_bills(orders: pd.DataFrame, today: date, rng: Any) -> Bills:
    """Invoices, credit notes and payments as they stand on the morning of `today`.

    Args:
        orders: confirmed ones by time: `number`, `kind`, `of` (number of the sale that
            a return belongs to), `is_person`, `ordered_on` (day), `net`, `tax`.
    """
    now = np.datetime64(today, "D")
    sales = orders[orders["kind"] == "sale"].reset_index(drop=True)
    invoices = _issued(sales, now, rng)
    notes = _credited(orders[orders["kind"] == "return"], invoices, now)
    back = notes.groupby("credited")[["total", "issued_on"]].agg(
        {"total": "sum", "issued_on": "max"}
    )
    known = back.reindex(invoices["number"])
    invoices["back"] = known["total"].fillna(0).astype("int64").to_numpy()
    payments = _paid(invoices, _days(known["issued_on"]), now, rng)
    paid = payments.groupby("number")["amount"].sum()
    invoices["paid"] = paid.reindex(invoices["number"]).fillna(0).astype("int64").array
    both = pd.concat([invoices, notes.assign(back=0, paid=0)])
    return Bills(
        both.sort_values("issued_on", kind="stable", ignore_index=True),
        payments.sort_values("paid_on", kind="stable", ignore_index=True),
    )


def _issued(sales: pd.DataFrame, now: Any, rng: Any) -> pd.DataFrame:
    """The invoices; of the newest orders there are none yet."""
    day, is_person = _days(sales["ordered_on"]), sales["is_person"].to_numpy(bool)
    later = np.busday_offset(
        day, rng.integers(0, SENT_WITHIN, len(day)), roll="forward"
    )
    issued = np.where(is_person, day, later)
    fits = (day >= now - SINCE) & (issued < now)
    due = issued + np.where(is_person, DUE[True], DUE[False])
    table = sales.assign(credited="", issued_on=issued, due_on=due)
    return _with_total(table)[fits].reset_index(drop=True)


def _credited(returns: pd.DataFrame, invoices: pd.DataFrame, now: Any) -> pd.DataFrame:
    """A note for each return of what was invoiced, on the next day."""
    of = invoices.set_index("number")["issued_on"].reindex(returns["of"])
    issued = np.maximum(_days(returns["ordered_on"]), _days(of)) + 1
    table = returns.assign(credited=returns["of"], issued_on=issued, due_on=NEVER)
    return _with_total(table)[of.notna().to_numpy() & (issued < now)]


def _with_total(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(total=table["net"] + table["tax"])


def _paid(invoices: pd.DataFrame, credited_on: Any, now: Any, rng: Any) -> pd.DataFrame:
    """What came in: private customers pay at once by card, companies by transfer.

    Who has paid when the goods come back, gets money back.
    """
    count, is_person = len(invoices), invoices["is_person"].to_numpy(bool)
    issued, total = _days(invoices["issued_on"]), invoices["total"].to_numpy()
    wait = np.where(is_person, 0, rng.gamma(5.0, PAID_AFTER / 4.67, count)).astype(int)
    on = issued + wait
    is_known = credited_on <= on  # by then that something comes back
    owed = total + np.where(is_known, invoices["back"].to_numpy(), 0)
    half = (owed // (2 * CENT)) * CENT
    is_part = ~is_person & (rng.random(count) < PARTLY)
    amount = np.where(is_part, half, owed)
    pays = (on < now) & (rng.random(count) >= NEVER_PAID) & (amount > 0)
    method = np.where(is_person, "card", "transfer")
    number = invoices["number"].to_numpy()
    first = _rows(number, on, amount, method)[pays]
    returned = credited_on + REFUNDED_AFTER
    over = pays & ~is_known & ~is_part & (returned < now)
    refund = _rows(number, returned, invoices["back"].to_numpy(), method)
    return pd.concat([first, refund[over & (invoices["back"] < 0).to_numpy()]])


def _rows(number: Any, on: Any, amount: Any, method: Any) -> pd.DataFrame:
    rows = {"number": number, "paid_on": on, "amount": amount, "method": method}
    return pd.DataFrame(rows)


def _days(times: Any) -> Any:
    return np.asarray(times).astype("datetime64[D]")
