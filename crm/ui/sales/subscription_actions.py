"""What can be done about a subscription: another price, renew, cancel, take it back."""

from collections.abc import Callable

import streamlit as st

from crm.i18n import _
from crm.models import (
    Action,
    BillingPeriod,
    Cancellation,
    CancelReason,
    Subscription,
    SubscriptionState,
)
from crm.services.days import today
from crm.services.subscriptions import subscriptions
from crm.services.subscriptions.subscription_fields import (
    BILLING_PERIODS,
    CANCEL_REASONS,
)
from crm.ui import access, day_input, feedback, inputs


def show(one: Subscription) -> None:
    """The buttons, as far as the user has the right and the state lets them."""
    if not access.current().may(Action.UPDATE, "subscription"):
        return
    state = one.state(today())
    with st.container(horizontal=True):
        if state is not SubscriptionState.ENDED:
            _price(one)
        if one.cancelled_on is None and one.term_months and not one.auto_renew:
            _renew(one)
        if state is SubscriptionState.CANCELLED:
            _reactivate(one)
        elif one.cancelled_on is None and state is not SubscriptionState.ENDED:
            _cancel(one)


def _price(one: Subscription) -> None:
    with st.popover(_("Change price"), icon=":material/sell:"):
        last = one.price_list[-1]
        key = f"price_{one.id}_{one.version}_{{}}".format
        inputs.amount(_("Price"), last.price, key=key("price"))
        inputs.amount(_("Quantity"), last.quantity, key=key("number"))
        billing(key("period"), last.period)
        day_input.date_input(
            _("From"), value=max(today(), last.from_on), key=key("from")
        )
        st.button(
            _("Save"),
            type="primary",
            key=key("save"),
            on_click=_save_price,
            args=[one, key],
        )


def billing(key: str, usual: BillingPeriod = BillingPeriod.MONTHLY) -> BillingPeriod:
    """The choice of a billing period."""
    chosen = st.selectbox(
        _("Billing period"),
        list(BILLING_PERIODS),
        index=list(BILLING_PERIODS).index(usual.value),
        format_func=lambda one: _(BILLING_PERIODS[one]),
        key=key,
    )
    return BillingPeriod(chosen)


def _save_price(one: Subscription, key: Callable[[str], str]) -> None:
    """Change it to what the form holds now: arguments would be of the run before."""
    done = _("The price of {number} is changed.").format(number=one.number)
    with feedback.caught():
        typed = {
            "price": inputs.held(key("price")),
            "quantity": inputs.held(key("number")),
            "billing_period": BillingPeriod(st.session_state[key("period")]),
            "price_from": st.session_state[key("from")],
        }
        feedback.run(done, subscriptions.update, one.id, typed, version=one.version)


def _renew(one: Subscription) -> None:
    st.button(
        _("Renew for one more term"),
        icon=":material/autorenew:",
        key="subscription_renew",
        on_click=feedback.run,
        args=[_("{number} is renewed.").format(number=one.number),
              subscriptions.renew, one.id],
        kwargs={"version": one.version},
    )  # fmt: skip


def _reactivate(one: Subscription) -> None:
    st.button(
        _("Take the cancellation back"),
        icon=":material/undo:",
        key="subscription_reactivate",
        on_click=feedback.run,
        args=[_("{number} goes on.").format(number=one.number),
              subscriptions.reactivate, one.id],
        kwargs={"on": today(), "version": one.version},
    )  # fmt: skip


def _cancel(one: Subscription) -> None:
    with st.popover(_("Cancel subscription"), icon=":material/event_busy:"):
        key = f"cancel_{one.id}_{one.version}_{{}}".format
        day_input.date_input(_("Cancelled on"), value=today(), key=key("on"))
        st.selectbox(
            _("Reason"),
            list(CANCEL_REASONS),
            index=None,
            format_func=lambda name: _(CANCEL_REASONS[name]),
            placeholder=_("None"),
            key=key("reason"),
        )
        st.text_input(_("Remark"), key=key("note"))
        day_input.date_input(
            _("Last day"),
            value=None,
            key=key("last"),
            help=_("Left empty, it runs to the end of its term."),
        )
        st.button(
            _("Cancel subscription"),
            type="primary",
            key=key("save"),
            on_click=_save_cancel,
            args=[one, key],
        )


def _save_cancel(one: Subscription, key: Callable[[str], str]) -> None:
    """Cancel by what the form holds now: arguments would be of the run before."""
    held = st.session_state
    reason, note = held[key("reason")], held[key("note")]
    cancellation = Cancellation(
        held[key("on")],
        CancelReason(reason) if reason else None,
        note or None,
        held[key("last")],
    )
    done = _("{number} is cancelled.").format(number=one.number)
    feedback.run(done, subscriptions.cancel, one.id, cancellation, version=one.version)
