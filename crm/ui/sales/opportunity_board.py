"""The opportunities of a pipeline as a board, with what a move asks for."""

from typing import Any

import streamlit as st

from crm import db
from crm.errors import Invalid
from crm.i18n import _, ngettext
from crm.models import Action, Opportunity, Pipeline, Stage, StageKind, utcnow
from crm.services.fields import fields_of
from crm.services.money.exchange_sums import Sum
from crm.services.sales import board, opportunities, pipelines
from crm.services.sales.board import Card, Column
from crm.services.sales.stage_ages import Days
from crm.ui import access, address, cards, feedback, filter_builder, navigation
from crm.ui.format import day, money, number, plain
from crm.ui.money_words import in_money, missing
from crm.ui.sales import kanban, opportunity_age, opportunity_step
from crm.ui.sales import opportunity_outcome as outcome

KEY = "kanban"
TURN, LIMIT = "_kanban_turn", "_kanban_cards"


def show() -> None:
    """The board of the pipeline that is chosen, with the way to narrow it."""
    known = _pipelines()
    if not known:
        feedback.empty(
            _("No pipeline yet."),
            _("It is made when somebody who may add opportunities opens this page."),
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = _chosen(known)
        search, rule = _narrowed()
    with db.reading(access.current()) as session, feedback.told():
        try:
            columns = board.board(
                session,
                chosen,
                at=utcnow(),
                search=search,
                rule=rule,
                cards=st.session_state.get(LIMIT, board.CARDS),
            )
        except Invalid:
            filter_builder.clear("board")
            raise
        _totals(columns)
        if not any(column.count for column in columns):
            _nothing(is_narrowed=bool(search or rule))
        _cards(columns, opportunity_age.usual_days(access.current(), chosen))
    outcome.ask_if_wanted()


def _nothing(*, is_narrowed: bool) -> None:
    """What to do where the board has no card."""
    if is_narrowed:
        feedback.empty(
            _("No opportunity fits."), _("Empty the search or the filter to see all.")
        )
        return
    may = access.current().may(Action.CREATE, "opportunity")
    feedback.empty(
        _("No opportunities in this pipeline yet."),
        _("Add the first one above, convert a lead, or import them.")
        if may
        else _("They come from colleagues who may add them."),
        icon="view_kanban",
    )


def _pipelines() -> list[Pipeline]:
    """All pipelines; the usual one is made now for whoever may open opportunities."""
    actor = access.current()
    with db.reading(actor) as session:
        found = pipelines.listed(session)
    if found or not actor.may(Action.CREATE, "opportunity"):
        return found
    with db.transaction(actor) as session:
        pipelines.ensure(session)
        return pipelines.listed(session)


def _chosen(known: list[Pipeline]) -> int:
    names = {str(one.id): one.name for one in known}
    first = next(iter(names))
    if len(names) == 1:
        return int(first)
    return int(address.menu(_("Pipeline"), names, "pipeline", usual=first, width=220))


def _narrowed() -> tuple[str, Any]:
    """A word and a filter."""
    search = st.text_input(
        _("Search"),
        key="board_q",
        bind="query-params",
        placeholder=_("Search …"),
        icon=":material/search:",
        label_visibility="collapsed",
        width=240,
    )
    with db.reading(access.current()) as session:
        fields = fields_of(session, "opportunity")
        known = filter_builder.known(session, fields)
    rule = filter_builder.read("board")
    label = _("Filter") + (f" ({len(rule['rules'])})" if rule else "")
    with st.popover(label, icon=":material/filter_alt:"):
        filter_builder.build("board", fields, known)
        rule = filter_builder.read("board")
    return search or "", rule


def _totals(columns: list[Column]) -> None:
    """What is open, and the same weighted, in the book currency."""
    total, weighted = board.open_sums(columns)
    with st.grid(3, min_column_width=160):
        st.metric(_("Still open"), number(total.count), border=True)
        told = _("Each amount times the probability of its stage.")
        _sum(_("Worth"), total)
        _sum(_("Weighted"), weighted, help=told)
    if lacking := missing(total, Opportunity):
        st.caption(plain(" ".join(lacking)))


def _sum(label: str, total: Sum, *, help: str | None = None) -> None:
    if total.amount:
        cards.amount(label, total.amount, help=help)
    else:
        st.metric(label, plain(in_money(total)), border=True, help=help)


def _cards(columns: list[Column], usual: Days) -> None:
    state = st.session_state
    may = access.current().may(Action.UPDATE, "opportunity")
    if may:
        st.caption(
            _(
                "Drag a card to move it (on a phone, press it long first), press Alt "
                "and an arrow key, or use its menu."
            )
        )
    kanban.show(
        [_lane(column) for column in columns],
        [_tile(column, card, usual) for column in columns for card in column.cards],
        key=KEY,
        turn=state.setdefault(TURN, 0),
        disabled=not may,
        on_event=_on_event,
    )


def _lane(column: Column) -> kanban.Lane:
    stage, shown = column.stage, len(column.cards)
    worth = in_money(column.total)
    if stage.kind is StageKind.OPEN and not column.total.is_nothing:
        words = _("{amount}, weighted {weighted}")
        worth = words.format(amount=worth, weighted=in_money(column.weighted))
    more = _("Show more ({n} of {total})").format(n=shown, total=number(column.count))
    return kanban.Lane(
        str(stage.id),
        stage.name,
        number(column.count),
        worth,
        stage.color,
        more if shown < column.count else "",
    )


def _tile(column: Column, card: Card, usual: Days) -> kanban.Tile:
    row = card.opportunity
    days = ngettext("{n} day", "{n} days", card.days).format(n=number(card.days))
    return kanban.Tile(
        str(row.id),
        str(column.stage.id),
        row.version,
        row.name,
        row.customer.name,
        money(row.amount, row.currency),
        day(row.close_on) if row.close_on else "",
        opportunity_step.step_words()[card.step],
        card.step.value,
        days,
        opportunity_age.late_words(card.days, usual.get(column.stage.id)),
    )


def _on_event() -> None:
    """For the component: a card was moved or opened, or more are wanted."""
    event = st.session_state[KEY]
    if moved := event.get("moved"):
        moved_to(int(moved["id"]), int(moved["to"]), int(moved["version"]))
    elif opened := event.get("opened"):
        navigation.go("opportunity", id=int(opened))
    elif event.get("more"):
        st.session_state[LIMIT] = st.session_state.get(LIMIT, board.CARDS) + board.CARDS


def moved_to(opportunity_id: int, stage_id: int, version: int) -> None:
    """For callbacks: move, or ask how it ended; a refused card goes back."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    with feedback.caught():
        with db.reading(access.current()) as session:
            row = db.get(session, Opportunity, opportunity_id)
            stage = db.get(session, Stage, stage_id)
        if stage.kind is StageKind.OPEN:
            done = _("“{name}” is in “{stage}” now.")
            words = done.format(name=row.name, stage=stage.name)
            feedback.run(words, opportunities.move, row.id, stage.id, version=version)
        else:
            outcome.want(row.id, stage.id, version)
