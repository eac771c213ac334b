"""Customers in an order: the first as a table, all of them to act on or take along."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from random import SystemRandom
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Action, Analysis, Reason
from crm.services import list_values
from crm.services.customers import suggestions
from crm.services.customers.suggestions import Candidate
from crm.services.days import today
from crm.services.fields import Kind
from crm.ui import access, feedback, navigation, row_links
from crm.ui.customers import customers_file, segment_form, segments_view
from crm.ui.format import number, plain
from crm.ui.marketing import add_to_campaign
from crm.ui.ordered import Kept
from crm.ui.support import asking

FIRST = 100  # customers shown
LOOKED_UP = 500  # so that they are found though some are out of reach
HEIGHT = 460  # pixels, of the table at most
ROW = 35
AT_ONCE = 500  # suggestions made by one click
FEW = 20

Columns = Callable[[pd.DataFrame], pd.DataFrame]
Propose = Callable[[pd.DataFrame], Iterable[Candidate]]


@dataclass(frozen=True)
class Ranked:
    """Customers of a result, in the order to show them.

    `rows` has `customer_id` and what `columns` makes from some of them to be shown
    and exported; `config` has a column of the table each, by name, in the order to
    show them. `name` is proposed for a segment, `description` says how it came about.
    `propose`, where there is one, makes suggestions for some of the rows.
    """

    rows: pd.DataFrame | Kept
    name: str
    description: str
    columns: Columns
    config: dict[str, Any]
    propose: Propose | None = None
    asks: bool = False  # offers a ticket for each, to ask how things are

    @property
    def kept(self) -> Kept:
        if isinstance(self.rows, Kept):
            return self.rows
        return Kept(self.rows, np.arange(len(self.rows)))


def show(
    shown: Analysis, ranked: Ranked, *, key: str, row_height: int | None = None
) -> None:
    """A table of the first, whose names open customers, and buttons for all of them.

    Args:
        key: of its own among the rankings of a page; names the file too.
        row_height: in pixels, for rows of several lines of text.
    """
    kept = ranked.kept
    if not len(kept):
        st.info(_("Nobody is within these limits."), icon=":material/filter_alt_off:")
        return
    candidates = kept.head(LOOKED_UP)
    with db.reading(access.current()) as session:
        names = list_values.names(
            session, Kind.CUSTOMER, candidates["customer_id"].tolist()
        )
    first = candidates[candidates["customer_id"].isin(list(names))].head(FIRST)
    if first.empty:
        st.info(_("None of them is in your reach any more."))
        return
    ids = [int(one) for one in first["customer_id"]]
    table = ranked.columns(first).assign(name=[names[one] for one in ids])
    _table(table, ids, ranked.config, key, row_height or ROW)
    told = _("The first {count} of {all}; a segment and the file hold all of them.")
    if len(kept) > len(first):
        counts = {"count": number(len(first)), "all": number(len(kept))}
        st.caption(plain(told.format(**counts)))
    with st.container(horizontal=True):
        _buttons(shown, ranked, key)


def _table(
    rows: pd.DataFrame, ids: list[int], config: dict[str, Any], key: str, row: int
) -> None:
    opened = row_links.column(
        _("Customer"),
        key=f"{key}_open",
        slug="customer",
        ids=ids,
        pinned=True,
        width=215,
    )
    st.dataframe(
        rows,
        key=f"{key}_ranking",
        hide_index=True,
        column_order=["name", *config],
        column_config={"name": opened, **config},
        row_height=row,
        height=HEIGHT if len(rows) * row > HEIGHT else "content",
    )


def _buttons(shown: Analysis, ranked: Ranked, key: str) -> None:
    """As far as the reader has the rights."""
    actor = access.current()
    if ranked.propose and actor.may(Action.CREATE, "suggestion"):
        _act(shown, ranked, key)
    if ranked.asks:
        asking.popover(ranked.kept, key=key)
    if actor.may(Action.CREATE, "segment"):
        _segment(shown, ranked, key)
    add_to_campaign.popover(
        key, lambda _session: ranked.kept.column("customer_id").tolist()
    )
    if actor.may(Action.EXPORT, "customer"):
        labels = {column: str(made["label"]) for column, made in ranked.config.items()}
        st.download_button(
            _("CSV file"),
            data=customers_file.maker(actor, ranked.kept.rows, ranked.columns, labels),
            file_name=f"{key}-{shown.as_of.isoformat()}.csv",
            mime="text/csv",
            icon=":material/download:",
            key=f"{key}_csv",
            on_click="ignore",
        )


def _act(shown: Analysis, ranked: Ranked, key: str) -> None:
    with st.popover(_("Act on them"), icon=":material/add_task:"):
        most = min(len(ranked.kept), AT_ONCE)
        st.number_input(
            _("How many, from the top"), 1, most, min(FEW, most), key=f"{key}_act_count"
        )
        st.caption(
            _(
                "One in ten, drawn by lot, is left alone, so that the effect of acting "
                "can be measured. Who was suggested within 28 days is not again."
            )
        )
        st.button(
            _("Put on the list of today"),
            type="primary",
            key=f"{key}_act",
            on_click=_put_on_list,
            args=[shown, ranked.kept, ranked.propose, f"{key}_act_count"],
        )


def _put_on_list(shown: Analysis, kept: Kept, propose: Propose, field: str) -> None:
    chosen = kept.head(int(st.session_state[field]))
    made = feedback.run(
        lambda count: _("Suggestions made: {n}").format(n=number(count)),
        suggestions.make,
        list(propose(chosen)),
        analysis_id=shown.id,
        on=today(),
        lot=SystemRandom(),
        reason=Reason.BULK,
    )
    if made:
        navigation.go("today")


def _segment(shown: Analysis, ranked: Ranked, key: str) -> None:
    field = f"{key}_segment_{shown.id}_{ranked.name}"
    segment_form.popover(
        ranked.name, field, f"{key}_segment_save", partial(_save, ranked, shown.id)
    )


def _save(ranked: Ranked, analysis_id: int, name: str) -> None:
    ids = ranked.kept.column("customer_id").tolist()
    segment_id = segment_form.save(name, ids, ranked.description, analysis_id)
    if segment_id is not None:
        segments_view.show_customers(segment_id)
