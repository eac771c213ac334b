"""Customers who have A, not B: how many, who, and what to do with them.

They are found by a filter of the customer list, in the reader's own session: as of
now, within the reader's reach, by the indexes of the database. A table of customers
and products beside each result would be tens of millions of rows for a million
customers, out of date by tomorrow, and to be guarded once more.
"""

from datetime import datetime
from typing import Any

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _, ngettext
from crm.models import Action, Reason, Segment
from crm.services import filters, lists
from crm.services.customers import segments
from crm.services.days import today
from crm.ui import (
    access,
    export_menu,
    feedback,
    filter_builder,
    navigation,
    record_table,
)
from crm.ui.format import number, plain
from crm.ui.insight.rules.result import Found

LISTED = 8
MOST = 100_000  # customers that a segment takes from here
COUNTED = 10_000_000
SAVED = "rules_saved"  # the segment made of the rule that is looked at


def show(found: Found, rule: Any) -> None:
    """Count, first names, and the ways on."""
    query = who(found, rule)
    with feedback.told():
        count, page = _look_up(
            repr(access.current()), found.identity, str(query.rule), query
        )
        st.markdown(f"**{plain(_title(found, rule, count))}**")
        st.caption(
            _("By all confirmed sales up to now, among the customers you may see.")
        )
        if not count:
            return
        with db.reading(access.current()) as session:
            names = record_table.names(session, page)
        record_table.show(
            "rules_customers", "customer", "name", page, names, picks=False
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.button(
                _("Open all in the list"),
                icon=":material/groups:",
                key="rules_open",
                on_click=_open,
                args=[query.rule],
            )
            export_menu.show(query, "rules_customers")
            _segment(found, rule, query, count)
        _way_on(found, rule)


def who(found: Found, rule: Any) -> lists.Query:
    """The customers who have bought all of A, at any time, and never B.

    Of a category any product will do.
    """
    left, right = found.sides[int(rule.name)]
    wanted = [("any", found.bought(one)) for one in left]
    if found.members is None:
        wanted = [("all", list(left))]
    unwanted = [product for one in right for product in found.bought(one)]
    conditions = [
        {"field": "products", "op": op, "value": products}
        for op, products in (*wanted, ("none", unwanted))
    ]
    return lists.Query(
        "customer",
        rule={"match": "all", "rules": conditions},
        columns=("name", "owner_id", "last_order_at"),
    )


@st.cache_resource(ttl=60, max_entries=256, show_spinner=False)
def _look_up(
    actor: str,  # noqa: ARG001  (with the next two, what it depends on)
    identity: tuple[int, datetime],  # noqa: ARG001
    rule: str,  # noqa: ARG001
    _query: lists.Query,
) -> tuple[int, lists.Page]:
    """How many, and the first of them; a slider that moves does not ask again."""
    with db.reading(access.current()) as session:
        page = lists.page(session, _query, today=today(), size=LISTED)
        if not page.is_capped:
            return page.total, page
        return lists.count(session, _query, today=today(), limit=COUNTED), page


def _title(found: Found, rule: Any, count: int) -> str:
    words = ngettext(
        "{n} customer has bought {a}, but not {b}",
        "{n} customers have bought {a}, but not {b}",
        count,
    )
    a, b = map(found.side, found.sides[int(rule.name)])
    return words.format(n=number(count), a=a, b=b)


def _open(rule: filters.Rule) -> None:
    filter_builder.clear("customers")
    navigation.go("customers", customers_f=filter_builder.dumped(rule))


def _segment(found: Found, rule: Any, query: lists.Query, count: int) -> None:
    """A popover that names these customers, where the user may."""
    if not access.current().may(Action.CREATE, "segment"):
        return
    with st.popover(_("Save as segment"), icon=":material/workspaces:"):
        a, b = map(found.side, found.sides[int(rule.name)])
        key = f"rules_segment_{found.analysis_id}_{rule.name}"
        st.text_input(
            _("Name"),
            value=_("{a}, but not {b}").format(a=a, b=b)[:120],
            key=key,
        )
        if count > MOST:
            words = _("Only the first {n} of them are taken.")
            st.caption(plain(words.format(n=number(MOST))))
        st.button(
            _("Save segment"),
            type="primary",
            key="rules_segment_save",
            on_click=_save,
            args=[found, int(rule.name), key, query],
        )


def _save(found: Found, number_: int, key: str, query: lists.Query) -> None:
    name = st.session_state[key]  # as it is now: an argument would be of before
    done = _("Segment “{name}” is saved.").format(name=name)
    made = feedback.run(done, save, name, query, found.analysis_id, reason=Reason.BULK)
    if made:
        st.session_state[SAVED] = (found.analysis_id, number_, made.id)


def save(session: Session, name: str, query: lists.Query, analysis_id: int) -> Segment:
    """A segment of those whom the query finds at this moment."""
    ids = lists.ids(session, query, today=today(), limit=MOST)
    return segments.save(session, name, ids, analysis_id=analysis_id)


def _way_on(found: Found, rule: Any) -> None:
    """To the segment just made, unless it has been taken back."""
    *where, segment_id = st.session_state.get(SAVED, (0, 0, 0))
    if where != [found.analysis_id, int(rule.name)]:
        return
    with db.reading(access.current()) as session:
        made = session.get(Segment, segment_id)
        condition = segments.rule_of(made) if made else None
    if made is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        words = _("Segment “{name}” is saved.")
        st.markdown(plain(words.format(name=made.name)), width="stretch")
        st.button(
            _("Show customers"),
            icon=":material/groups:",
            key="rules_segment_show",
            on_click=_open,
            args=[condition],
        )
