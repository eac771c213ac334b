"""Customers that an analysis has found as a file, made when it is asked for."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from sqlmodel import Session

from crm import db
from crm.i18n import _, current, language
from crm.models import Actor
from crm.services import export_format, exporting, list_values
from crm.services.fields import Kind

PIECE = 5_000  # customers whose names are looked up at once

Columns = Callable[[pd.DataFrame], pd.DataFrame]


def maker(
    actor: Actor,
    customers: Callable[[], pd.DataFrame],
    columns: Columns,
    labels: dict[str, str],
) -> Callable[[], bytes]:
    """A function that makes the CSV; it runs outside the page, on the click.

    It names the customers in the actor's reach, in their order; others are left out.
    The export is noted in the change log.

    Args:
        customers: gives them, with their `customer_id`, when the file is made.
        columns: makes of some rows those of the file, as named in `labels`.
    """
    speech = current()

    def made() -> bytes:
        with tempfile.TemporaryDirectory() as folder, language(speech):
            path = Path(folder) / "customers.csv"
            header = ["id", _("Customer"), *labels.values()]
            with db.reading(actor) as session:
                rows = _rows(session, customers(), columns, list(labels))
                export_format.write_csv(path, header, rows)
            with db.transaction(actor) as session:
                exporting.noted(session, _("Customer"), "csv")
            return path.read_bytes()

    return made


def _rows(
    session: Session, customers: pd.DataFrame, columns: Columns, shown: list[str]
) -> Iterator[list[Any]]:
    for start in range(0, len(customers), PIECE):
        piece = customers.iloc[start : start + PIECE]
        names = list_values.names(session, Kind.CUSTOMER, piece["customer_id"].tolist())
        table = columns(piece)[shown].astype(object)
        table = table.where(table.notna(), None)
        for customer_id, values in zip(
            piece["customer_id"], table.itertuples(index=False), strict=True
        ):
            if customer_id in names:
                yield [customer_id, names[customer_id], *values]
