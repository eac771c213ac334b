"""Picked customers as a file, made when it is asked for."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlmodel import Session

from crm import db
from crm.analytics.features import FEATURES
from crm.i18n import _, current, language
from crm.models import Actor, Reason
from crm.services import export_format, exporting, lists
from crm.services.fields import Kind

PIECE = 1_000  # customers whose names are looked up at once


def maker(
    actor: Actor, buyers: pd.DataFrame, rows: NDArray[np.intp]
) -> Callable[[], bytes]:
    """A function that makes the CSV; it runs outside the page, on the click.

    It names the customers in the actor's reach, with their features; others are
    left out. The export is noted in the change log.
    """
    speech = current()

    def made() -> bytes:
        with tempfile.TemporaryDirectory() as folder, language(speech):
            path = Path(folder) / "customers.csv"
            header = ["id", _("Name"), *(_(label) for label in FEATURES.values())]
            with db.reading(actor) as session:
                export_format.write_csv(path, header, _rows(session, buyers, rows))
            note = "customer csv"
            with db.transaction(actor, reason=Reason.EXPORT, note=note) as session:
                exporting.noted(session)
            return path.read_bytes()

    return made


def _rows(
    session: Session, buyers: pd.DataFrame, rows: NDArray[np.intp]
) -> Iterator[list[Any]]:
    table = buyers[["customer_id", *FEATURES]]
    for start in range(0, len(rows), PIECE):
        piece = table.iloc[rows[start : start + PIECE]].astype(object)
        piece = piece.where(piece.notna(), None)
        names = lists.names(session, Kind.CUSTOMER, piece["customer_id"])
        for customer_id, *values in piece.itertuples(index=False):
            if customer_id in names:
                yield [customer_id, names[customer_id], *values]
