"""What can be done about a quote: edit, send, answer, revise, order."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import (
    Action,
    Actor,
    Opportunity,
    Order,
    Quote,
    QuoteStatus,
    StageKind,
    utcnow,
)
from crm.services.days import today
from crm.services.documents import order_flow, quote_links, quotes, quotes_paper
from crm.services.sales import pipelines
from crm.ui import access, feedback, navigation
from crm.ui.format import plain
from crm.ui.sales import opportunity_outcome, quote_mail

STEPS = "quote_steps"


def show(row: Quote, order: Order | None) -> None:
    """The buttons, as far as the user has the right and the status lets them."""
    actor = access.current()
    with st.container(horizontal=True, vertical_alignment="center", key=STEPS):
        if actor.may(Action.UPDATE, "quote"):
            _steps(row)
        if row.status in (QuoteStatus.SENT, QuoteStatus.DECLINED):
            _revise(row, actor)
        if row.status is QuoteStatus.ACCEPTED and order is None:
            _order(row, actor)
        _pdf(row, actor)
    _won(row, actor)
    quote_mail.ask_if_wanted()
    opportunity_outcome.ask_if_wanted()


def _steps(row: Quote) -> None:
    if row.status is QuoteStatus.DRAFT:
        st.button(
            _("Edit"),
            icon=":material/edit:",
            key="quote_edit",
            on_click=navigation.go,
            args=["quote"],
            kwargs={"id": row.id, "edit": 1},
        )
        st.button(
            _("Send by mail"),
            icon=":material/send:",
            type="primary",
            key="quote_mail",
            on_click=quote_mail.want,
            args=[row.id, row.version],
        )
        st.button(
            _("Mark as sent"),
            icon=":material/outgoing_mail:",
            key="quote_sent",
            on_click=_mark_sent,
            args=[row.id, row.number, row.version],
        )
        return
    with st.popover(_("Link"), icon=":material/link:"):
        st.caption(_("Whoever has this address can read the quote and answer it."))
        st.code(quote_links.url(row), language=None)
    if row.status is QuoteStatus.SENT:
        if not row.has_lapsed(today()):
            _answer(row, _("Accept"), "check", _accept)
        _answer(row, _("Decline"), "close", _decline)


def _answer(
    row: Quote, label: str, icon: str, then: Callable[[Quote, str, str], None]
) -> None:
    """A popover to write down who has answered."""
    with st.popover(label, icon=f":material/{icon}:"):
        key = f"quote_{icon}_{row.id}_{row.version}_{{}}".format
        st.text_input(_("Who has answered"), key=key("by"))
        st.text_input(_("Remark"), key=key("note"))
        st.button(
            label, type="primary", key=key("save"), on_click=_answered,
            args=[row, key, then],
        )  # fmt: skip


def _answered(
    row: Quote, key: Callable[[str], str], then: Callable[[Quote, str, str], None]
) -> None:
    """Pass on what the boxes hold now: arguments would be those of the run before."""
    then(row, st.session_state[key("by")], st.session_state[key("note")])


def _accept(row: Quote, by: str, note: str) -> None:
    done = _("Quote {number} is accepted.").format(number=row.number)
    given: dict[str, Any] = {
        "by": by,
        "note": note,
        "at": utcnow(),
        "version": row.version,
    }
    feedback.run(done, quotes.accept, row.id, **given)


def _decline(row: Quote, by: str, note: str) -> None:
    done = _("Quote {number} is declined.").format(number=row.number)
    given: dict[str, Any] = {
        "by": by,
        "note": note,
        "at": utcnow(),
        "version": row.version,
    }
    feedback.run(done, quotes.decline, row.id, **given)


def _mark_sent(quote_id: int, number: str, version: int) -> None:
    done = _("Quote {number} is sent.").format(number=number)
    feedback.run(done, quotes.mark_sent, quote_id, at=utcnow(), version=version)


def _revise(row: Quote, actor: Actor) -> None:
    if actor.may(Action.CREATE, "quote"):
        st.button(
            _("New version"),
            icon=":material/layers:",
            key="quote_revise",
            on_click=_begin_version,
            args=[row.id, row.version],
        )


def _begin_version(quote_id: int, version: int) -> None:
    done = _("The new version is a draft; the old one stands until you send it.")
    made = feedback.run(done, quotes.revise, quote_id, on=today(), version=version)
    if made:
        navigation.go("quote", id=made.id)


def _order(row: Quote, actor: Actor) -> None:
    if actor.may(Action.CREATE, "sales_order"):
        st.button(
            _("Make order"),
            icon=":material/receipt_long:",
            type="primary",
            key="quote_order",
            on_click=_make_order,
            args=[row.id],
        )


def _make_order(quote_id: int) -> None:
    made = feedback.run(_ordered, order_flow.from_quote, quote_id)
    if made:
        navigation.go("order", id=made.id)


def _ordered(made: Order) -> str:
    return _("Order {number} is made.").format(number=made.number)


def _pdf(row: Quote, actor: Actor) -> None:
    """The paper, made when it is asked for, outside of the page."""

    def made() -> bytes:
        with db.reading(actor) as session:
            found = quotes.quote(session, row.id)
            return quotes_paper.pdf(session, found)[1]

    st.download_button(
        _("PDF"),
        data=made,
        file_name=quotes_paper.file_name(row),
        mime="application/pdf",
        icon=":material/picture_as_pdf:",
        key="quote_pdf",
        on_click="ignore",
    )


def _won(row: Quote, actor: Actor) -> None:
    """Offer to mark the opportunity of an accepted quote as won, if it is open."""
    if row.status is not QuoteStatus.ACCEPTED or row.opportunity_id is None:
        return
    if not actor.may(Action.UPDATE, "opportunity"):
        return
    with db.reading(actor) as session:
        deal = session.get(Opportunity, row.opportunity_id)
        if deal is None or deal.state is not StageKind.OPEN:
            return
        stages = pipelines.stages(session, deal.pipeline_id)
    won = next((one for one in stages if one.kind is StageKind.WON), None)
    if won is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        words = _("Opportunity “{name}” is still open.").format(name=deal.name)
        st.markdown(plain(words), width="stretch")
        st.button(
            _("Mark as won"),
            icon=":material/emoji_events:",
            key="quote_won",
            on_click=opportunity_outcome.want,
            args=[deal.id, won.id, deal.version],
        )
