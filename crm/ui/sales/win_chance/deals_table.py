"""Opportunities of a result as a table, whose names open them, and as a file."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from crm import db
from crm.i18n import _, current, language
from crm.models import Action, Actor
from crm.services import export_format, exporting
from crm.services.sales import win_chances
from crm.services.sales.win_chances import Named
from crm.ui import access, row_links
from crm.ui.format import number, plain

FIRST = 100  # opportunities shown
LOOKED_UP = 500  # so that they are found though some are out of reach
HEIGHT = 460  # pixels, of the table at most

Columns = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Listed:
    """Opportunities in the order to show them, each once or several times.

    `rows` has `opportunity_id` and what `columns` makes from some of them to be shown
    and exported; `config` has a column of the table each, by name, in order.
    """

    rows: pd.DataFrame
    columns: Columns
    config: dict[str, Any]


def show(listed: Listed, *, key: str, file: str, row_height: int = 35) -> None:
    """The first of them, and all of them as a file for whoever may export.

    Args:
        key: of its own among the tables of a page.
        file: how the file is called, without its ending.
    """
    candidates = listed.rows.head(LOOKED_UP)
    actor = access.current()
    with db.reading(actor) as session:
        named = win_chances.named(session, _ids(candidates))
    first = candidates[candidates["opportunity_id"].isin(list(named))].head(FIRST)
    if first.empty:
        st.info(_("None of them is in your reach any more."))
        return
    _table(listed, first, named, key, row_height)
    if len(listed.rows) > len(first):
        told = _("The first {count} of {all}; the file holds all of them.")
        counts = {"count": number(len(first)), "all": number(len(listed.rows))}
        st.caption(plain(told.format(**counts)))
    if actor.may(Action.EXPORT, "opportunity"):
        st.download_button(
            _("CSV file"),
            data=maker(actor, listed),
            file_name=f"{file}.csv",
            mime="text/csv",
            icon=":material/download:",
            key=f"{key}_csv",
            on_click="ignore",
        )


def maker(actor: Actor, listed: Listed) -> Callable[[], bytes]:
    """A function that makes the CSV; it runs outside the page, on the click.

    It names the opportunities in the actor's reach; others are left out. The export
    is noted in the change log.
    """
    speech = current()

    def made() -> bytes:
        with tempfile.TemporaryDirectory() as folder, language(speech):
            path = Path(folder) / "opportunities.csv"
            labels = [str(one["label"]) for one in listed.config.values()]
            header = ["id", _("Opportunity"), _("Customer"), _("Stage"), *labels]
            with db.reading(actor) as session:
                named = win_chances.named(session, _ids(listed.rows))
            export_format.write_csv(path, header, _cells(listed, named))
            with db.transaction(actor) as session:
                exporting.noted(session, _("Opportunity"), "csv")
            return path.read_bytes()

    return made


def _ids(rows: pd.DataFrame) -> list[int]:
    return [int(one) for one in rows["opportunity_id"].unique()]


def _cells(listed: Listed, named: dict[int, Named]) -> Iterator[list[Any]]:
    table = listed.columns(listed.rows)[list(listed.config)].astype(object)
    table = table.where(table.notna(), None)
    for key, values in zip(
        listed.rows["opportunity_id"], table.itertuples(index=False), strict=True
    ):
        if (one := named.get(int(key))) is not None:
            yield [int(key), one.name, one.customer, one.stage, *values]


def _table(
    listed: Listed, rows: pd.DataFrame, named: dict[int, Named], key: str, row: int
) -> None:
    ids = [int(one) for one in rows["opportunity_id"]]
    table = listed.columns(rows).assign(
        name=[named[one].name for one in ids],
        customer=[named[one].customer for one in ids],
        at_stage=[named[one].stage for one in ids],
    )
    kinds = st.column_config
    opened = row_links.column(
        _("Opportunity"),
        key=f"{key}_open",
        slug="opportunity",
        ids=ids,
        pinned=True,
        width=145,
    )
    st.dataframe(
        table,
        key=f"{key}_table",
        hide_index=True,
        column_order=["name", "customer", *listed.config, "at_stage"],
        column_config={
            "name": opened,
            **listed.config,
            "customer": kinds.TextColumn(_("Customer"), width=130),
            "at_stage": kinds.TextColumn(_("Stage now")),
        },
        row_height=row,
        placeholder="–",
        height=HEIGHT if len(table) * row > HEIGHT else "content",
    )
