"""One ranked list of whom to act on; and what acting has changed so far."""

from datetime import timedelta
from typing import Any

import streamlit as st

from crm import db
from crm.analytics.reasons import Reason
from crm.i18n import N_, _
from crm.models import Action, Suggestion, SuggestionKind, utcnow
from crm.services import list_values, naming
from crm.services.customers import suggestions
from crm.services.days import due_on, today
from crm.services.fields import Kind
from crm.ui import access, address, feedback, navigation
from crm.ui.format import number, percent, plain, rounded
from crm.ui.home import today_effect
from crm.ui.insight.churn import words as churn_words

MINE, ALL = "mine", "all"
WHOSE = {ALL: N_("All customers"), MINE: N_("My customers")}
KINDS = {
    "": N_("Everything"),
    SuggestionKind.WIN_BACK.value: N_("Win back"),
    SuggestionKind.NEXT_PRODUCT.value: N_("Next product"),
}
STEP = 10  # suggestions shown at once
SHOWN = "today_shown"


def show() -> None:
    """The whole page below its title."""
    with st.container(horizontal=True, gap="medium"):
        whose = address.choice(_("Whose"), WHOSE, "today_whose", is_labelled=False)
        kind = address.choice(_("What"), KINDS, "today_kind", is_labelled=False)
    actor = access.current()
    wanted: dict[str, Any] = {
        "on": today(),
        "owner_id": actor.user_id if whose == MINE else None,
        "kind": SuggestionKind(kind) if kind else None,
    }
    first = st.session_state.setdefault(SHOWN, STEP)
    with db.reading(actor) as session:
        total = suggestions.count(session, **wanted)
        found = suggestions.listed(session, **wanted, limit=first)
        ids = [one.customer_id for one in found]
        names = list_values.names(session, Kind.CUSTOMER, ids)
        offered = [one.facts.get("product_id") for one in found]
        products = naming.names(session, "product", [p for p in offered if p])
    if not found:
        _nothing()
    for one in found:
        _card(one, names.get(one.customer_id, ""), products)
    if total > len(found):
        told = _("The first {count} of {all}, by what is at stake.")
        st.caption(plain(told.format(count=number(len(found)), all=number(total))))
        st.button(_("Show more"), key="today_more", on_click=_more)
    today_effect.show()


def _nothing() -> None:
    box = feedback.empty(
        _("Nobody to act on today."),
        _(
            "Whom to win back comes from the churn analysis, next products from the "
            "association rules; suggestions are made after each of them."
        ),
        icon="task_alt",
    )
    with box, st.container(horizontal=True, horizontal_alignment="center"):
        navigation.link("churn", _("Churn"), icon=":material/trending_down:")
        navigation.link(
            "association_rules", _("Association rules"), icon=":material/hub:"
        )


def _card(one: Suggestion, name: str, products: dict[int, str]) -> None:
    with st.container(border=True, key=f"suggestion_{one.id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            navigation.link("customer", name, id=one.customer_id)
            st.badge(
                plain(_("{amount} at stake").format(amount=rounded(float(one.worth)))),
                color="blue",
            )
        st.markdown(f"**{plain(what(one, products))}**")
        for reason in why(one):
            st.caption(plain(reason))
        if access.current().may(Action.UPDATE, "suggestion"):
            with st.container(horizontal=True):
                _buttons(one, f"{what(one, products)}")


def _buttons(one: Suggestion, task: str) -> None:
    st.button(
        _("Make a task"),
        icon=":material/add_task:",
        type="primary",
        key=f"suggestion_{one.id}_accept",
        on_click=_accept,
        args=[one.id, task],
    )
    st.button(
        _("In a week"),
        icon=":material/snooze:",
        key=f"suggestion_{one.id}_snooze",
        on_click=_snooze,
        args=[one.id],
    )
    st.button(
        _("Does not fit"),
        icon=":material/thumb_down:",
        type="tertiary",
        key=f"suggestion_{one.id}_wrong",
        on_click=_wrong,
        args=[one.id],
    )


def what(one: Suggestion, products: dict[int, str]) -> str:
    """What to do, as the subject of a task."""
    if one.kind is SuggestionKind.NEXT_PRODUCT:
        product = products.get(one.facts.get("product_id") or 0, _("a product"))
        return _("Offer {product}").format(product=product)
    return _("Get in touch before this customer is lost")


def why(one: Suggestion) -> list[str]:
    """The reasons, the heaviest first."""
    facts = one.facts
    found = []
    if "probability" in facts:
        told = _("{share} not to order within {days} days")
        share, days = percent(facts["probability"]), number(facts["horizon"])
        found.append(told.format(share=share, days=days))
    if "overdue" in facts:
        told = _("{times} usual gaps since the last order")
        found.append(told.format(times=number(facts["overdue"], places=1)))
    if "hit_rate" in facts:
        told = _("Of such offers, {share} were bought in time without being made")
        found.append(told.format(share=percent(facts["hit_rate"], places=1)))
    return found + [
        churn_words.reason(Reason(**one)) for one in facts.get("reasons", [])
    ]


def _accept(suggestion_id: int, task: str) -> None:
    feedback.run(
        _("The task is on your list for tomorrow."),
        suggestions.accept,
        suggestion_id,
        task,
        due_at=due_on(today() + timedelta(days=1)),
        at=utcnow(),
    )


def _snooze(suggestion_id: int) -> None:
    until = today() + timedelta(days=7)
    done = _("It comes back in a week.")
    feedback.run(done, suggestions.snooze, suggestion_id, until=until, on=today())


def _wrong(suggestion_id: int) -> None:
    done = _("Noted. This is not suggested again for half a year.")
    feedback.run(done, suggestions.call_wrong, suggestion_id, at=utcnow())


def _more() -> None:
    st.session_state[SHOWN] += STEP
