"""The parts of an opportunity's page, and those of a customer."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Action, Opportunity, Stage, StageKind
from crm.services.sales import opportunities, pipelines
from crm.services.sales.opportunities import Step
from crm.services.sales.opportunity_fields import LOST_REASONS, STATES, WON_REASONS
from crm.ui import access, cards, navigation
from crm.ui.format import ago, day, money, plain, whole_moment
from crm.ui.sales import opportunity_board, quote_view
from crm.ui.sales.win_chance import card as win_card

COLORS = {StageKind.OPEN: "blue", StageKind.WON: "green", StageKind.LOST: "red"}


def facts(row: Opportunity) -> None:
    """Whose it is, what it is worth, when it should close, how likely, how it ended."""
    navigation.link(
        "customer", row.customer.name, icon=":material/person:", id=row.customer_id
    )
    _outcome(row)
    with st.grid(4, min_column_width=180):
        cards.amount(
            _("Amount"),
            row.amount,
            row.currency,
            help=_("The sum of the products before tax.") if row.lines else None,
        )
        st.metric(_("Expected close"), day(row.close_on), border=True)
        st.metric(_("Source"), plain(row.source or "–"), border=True)
        st.metric(_("Competitor"), plain(row.competitor or "–"), border=True)
    win_card.show(row)


def _outcome(row: Opportunity) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        color: object = COLORS[row.state]
        st.badge(_(STATES[row.state.value]), color=color)  # type: ignore[arg-type]  # one of Streamlit's colours
        if row.closed_at is None:
            return
        reason = None
        if row.won_reason:
            reason = _(WON_REASONS[row.won_reason.value])
        elif row.lost_reason:
            reason = _(LOST_REASONS[row.lost_reason.value])
        told = " · ".join(filter(None, [day(row.closed_at), reason, row.close_note]))
        st.caption(plain(told))


def path(row: Opportunity, stages: list[Stage]) -> None:
    """The stages of its pipeline as one line; a click moves it there."""
    may = access.current().may(Action.UPDATE, "opportunity")
    at = next(s.position for s in stages if s.id == row.stage_id)
    with st.container(horizontal=True, gap="small", key="stage_path"):
        for stage in stages:
            here = stage.id == row.stage_id
            passed = stage.kind is StageKind.OPEN and stage.position < at
            icon = "radio_button_checked" if here else "check" if passed else ""
            st.button(
                plain(stage.name),
                icon=f":material/{icon}:" if icon else None,
                type="primary" if here else "secondary",
                key=f"stage_{stage.id}",
                disabled=not may,
                help=_("It is here") if here else _("Move to this stage"),
                on_click=None if here else opportunity_board.moved_to,
                args=[row.id, stage.id, row.version],
            )


def history(steps: list[Step]) -> None:
    """Every move, the latest first."""
    st.subheader(_("Stages"))
    for step in steps:
        words = (
            f"{step.from_stage} → {step.to_stage}"
            if step.from_stage
            else (step.to_stage)
        )
        with st.container(gap=None):
            st.text(words)
            told = " · ".join(filter(None, [step.who, ago(step.at)]))
            st.caption(plain(told), width="content", help=whole_moment(step.at))


def notes(row: Opportunity) -> None:
    """What was written down about it."""
    if row.notes:
        st.subheader(_("Notes"))
        st.text(row.notes)


def quotes(row: Opportunity) -> None:
    """What was offered for it."""
    quote_view.of_opportunity(row.id)


def of_customer(customer_id: int) -> None:
    """The opportunities with a customer, each with its stage and amount."""
    with db.reading(access.current()) as session:
        found = opportunities.of_customer(session, customer_id)
        names = {stage.id: stage.name for stage in pipelines.stages(session)}
    if not found:
        st.caption(_("No opportunities yet."))
    for row in found:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            with st.container(width="stretch", gap=None):
                navigation.link("opportunity", row.name, id=row.id)
                told = [money(row.amount, row.currency)]
                if row.close_on and row.state is StageKind.OPEN:
                    told.append(day(row.close_on))
                st.caption(plain(" · ".join(told)))
            color: object = COLORS[row.state]
            st.badge(plain(names[row.stage_id]), color=color)  # type: ignore[arg-type]  # one of Streamlit's colours
