"""Outgoing mail on the screen: how far each is, why one waits, another try."""

from typing import Any

import streamlit as st

from crm import db
from crm.config import settings
from crm.errors import Invalid
from crm.i18n import N_, _
from crm.models import Action, MailState, OutgoingMail, User
from crm.services import naming
from crm.services.customers import addresses
from crm.services.mail import mail, mail_delivery
from crm.ui import access, feedback, navigation
from crm.ui.data import worker_view
from crm.ui.feedback import empty
from crm.ui.format import ago, moment, plain, whole_moment, whose_times

STATES: dict[MailState, tuple[str, str, Any]] = {
    MailState.QUEUED: (N_("Waiting"), "schedule", "gray"),
    MailState.SENT: (N_("Sent"), "check_circle", "green"),
    MailState.FAILED: (N_("Failed"), "error", "red"),
}
STEP = 20
LIMIT = "mail_limit"


def table() -> None:
    """The mails in reach, newest first; those that wait move by themselves."""
    state = st.segmented_control(
        _("State"),
        list(STATES),
        format_func=lambda one: _(STATES[one][0]),
        key="mail_state",
        label_visibility="collapsed",
    )

    @st.fragment(run_every=3)
    def moving() -> None:
        if feedback.FLASH in st.session_state:  # said at the top of the page
            st.rerun()
        limit = st.session_state.setdefault(LIMIT, STEP)
        if not _listed([state] if state else [], limit):
            empty(
                _("No mail here."),
                _("Quotes and invoices that are sent by mail show here."),
                icon="outgoing_mail",
            )

    moving()


def about(**link: int) -> None:
    """The mails about one record, such as `quote_id=3`; nothing where there is none."""
    _listed([], STEP, **link)


def setup() -> None:
    """Whether mail goes out, and a mail to try it with."""
    with st.container(border=True):
        st.subheader(_("Mail"))
        if not mail.is_set_up():
            st.caption(
                _("Mail is not set up: CRM_SMTP_URL and CRM_MAIL_FROM are missing.")
            )
            return
        st.caption(plain(_("Sent as {sender}").format(sender=settings().mail_from)))
        if address := _own_address():
            st.button(
                _("Send a test mail to me"),
                icon=":material/outgoing_mail:",
                key="mail_test",
                on_click=_send_test,
                args=[address],
            )
        navigation.link("mail", _("Outgoing mail"))


def _listed(states: list[MailState], limit: int, **link: int) -> bool:
    """Draw the mails; whether there are any."""
    with db.reading(access.current()) as session:
        found = mail.listed(session, states=states, limit=limit + 1, **link)
        people = naming.names(session, "app_user", [m.by_id for m in found if m.by_id])
        ids = [one.customer_id for one in found if one.customer_id]
        customers = naming.names(session, "customer", ids)
    worker_view.warn(waits=any(one.state is MailState.QUEUED for one in found))
    for one in found[:limit]:
        _card(one, people, customers)
    if len(found) > limit:
        st.button(_("Show more"), key="mail_more", on_click=_more)
    return bool(found)


def _card(one: OutgoingMail, people: dict[int, str], customers: dict[int, str]) -> None:
    label, icon, color = STATES[one.state]
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(one.subject)}**", width="stretch")
            st.badge(_(label), icon=f":material/{icon}:", color=color)
            when = one.sent_at or one.created_at
            st.caption(ago(when), width="content", help=whole_moment(when))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(plain(_route(one, people)), width="stretch")
            if name := customers.get(one.customer_id or 0):
                navigation.link("customer", name, id=one.customer_id)
            _button(one)
        if one.error:
            waits = one.state is MailState.QUEUED
            say = st.warning if waits else st.error
            say(
                plain(one.error),
                icon=":material/schedule:" if waits else ":material/block:",
            )
        if one.attempts and (at := mail_delivery.next_try(one)):
            words = _("Next try: {when}")
            st.caption(words.format(when=plain(moment(at))), help=whose_times())


def _route(one: OutgoingMail, people: dict[int, str]) -> str:
    """From whom to whom, with which file."""
    parts = [_("To {address}").format(address=one.to_address)]
    if name := people.get(one.by_id or 0):
        parts.insert(0, _("From {name}").format(name=name))
    if one.attachment_name:
        parts.append(one.attachment_name)
    return " · ".join(parts)


def _button(one: OutgoingMail) -> None:
    may = access.current().may(Action.UPDATE, "outgoing_mail")
    if one.error and may and mail.is_set_up():
        failed = one.state is MailState.FAILED
        st.button(
            _("Send again") if failed else _("Try now"),
            key=f"mail_{one.id}_again",
            icon=":material/refresh:",
            on_click=_again,
            args=[one.id],
        )


def _again(mail_id: int) -> None:
    with feedback.caught():
        with db.transaction(access.current()) as session:
            mail.again(session, mail_id)
        feedback.flash(_("The mail is on its way."))


def _send_test(address: str) -> None:
    with feedback.caught():
        with db.transaction(access.current()) as session:
            mail.queue(
                session,
                to_address=address,
                subject=_("A test of Clientele"),
                body=_("Mail goes out as it should."),
            )
        feedback.flash(_("The mail is on its way."))


def _own_address() -> str | None:
    """Where the actor gets mail; None where the name to sign in with is no address."""
    with db.reading(access.current()) as session:
        user = session.get(User, access.current().user_id or 0)
    try:
        return addresses.checked(user.email, field="email") if user else None
    except Invalid:
        return None


def _more() -> None:
    st.session_state[LIMIT] += STEP
