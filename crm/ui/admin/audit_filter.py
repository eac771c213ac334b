"""What the audit page looks for."""

from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models.changes import REASON_LABELS
from crm.services import audit, naming
from crm.services.admin import users
from crm.services.changes import readable
from crm.services.days import start_of, today
from crm.ui import access, day_input
from crm.ui.format import whose_times


def filter_bar() -> audit.Query:
    """What the user looks for."""
    with db.reading(access.current()) as session:
        people = {user.id: user.name for user in users.listed(session)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            _("Search"),
            key="audit_q",
            placeholder=_("Names, notes, values …"),
            icon=":material/search:",
            bind="query-params",
        )
        who = _choice(_("Who"), "audit_who", people)
        reasons = {reason: _(words) for reason, words in REASON_LABELS.items()}
        why = _choice(_("Why"), "audit_why", reasons)
        kinds = {name: naming.kind_of(name) for name in readable(access.current())}
        entity = _choice(_("Kind of record"), "audit_kind", kinds)
        days: Any = day_input.date_input(
            _("Dates"),
            value=[],
            max_value=today(),
            key="audit_days",
            help=whose_times(),
        )
    first, last = span(days)
    return audit.Query(
        user_id=who, since=first, until=last, reason=why, entity=entity, text=text or ""
    )


def _choice(label: str, key: str, known: dict[Any, str]) -> Any:
    return st.selectbox(
        label,
        list(known),
        index=None,
        format_func=known.__getitem__,
        placeholder=_("All"),
        key=key,
        width=180,
    )


def span(days: Any) -> tuple[datetime | None, datetime | None]:
    """The chosen days as moments: their first, and the first after them."""
    chosen: list[date] = list(days or ())
    if not chosen:
        return None, None
    return start_of(chosen[0]), start_of(chosen[-1] + timedelta(days=1))
