"""The pages of tickets without a browser: open one, move it, write on it."""

from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.models import SYSTEM, Activity, Actor, Draft, Priority, Ticket, TicketStatus
from tests import make
from tests.make import NOON
from tests.ui import reading
from tests.ui.conftest import signed_in
from tests.ui.reading import said

LIST, ONE = "pages/support/tickets.py", "pages/support/ticket.py"
CUSTOMER = "pages/customers/customer.py"


def opened(app: AppTest, page: str, key: int | None = None) -> AppTest:
    return reading.opened(app, page, **({} if key is None else {"id": str(key)}))


def kept() -> list[Ticket]:
    with db.reading(SYSTEM) as session:
        return list(session.scalars(select(Ticket).order_by(Ticket.id)))


def filled(app: AppTest, **fields: Any) -> AppTest:
    """The open form with these fields typed in, and sent."""
    for name, value in fields.items():
        app.text_input(key=f"new_ticket_{name}").set_value(value).run()
    app.button(key="new_ticket_create").click().run()
    assert not app.exception
    return app


def test_the_empty_list_says_what_to_do(app: AppTest) -> None:
    opened(app, LIST)

    assert "No tickets yet." in said(app)
    assert app.button(key="ticket_new").label == "New ticket"


def test_a_ticket_is_opened_from_the_list_and_shown(app: AppTest) -> None:
    customer = make.customer(name="Rhine Mills")
    make.contact(customer, last_name="Weber")
    opened(app, LIST).button(key="ticket_new").click().run()
    app.text_input(key="new_ticket_word").set_value("rhine").run()
    app.segmented_control(key="new_ticket_priority").set_value("high").run()
    app.selectbox(key=f"new_ticket_contact_{customer.id}").select_index(1)

    filled(app, subject="Grinder squeaks")

    (ticket,) = kept()
    assert (ticket.subject, ticket.priority) == ("Grinder squeaks", Priority.HIGH)
    assert ticket.customer_id == customer.id
    assert ticket.contact_id is not None
    assert app.title[0].value == "Grinder squeaks"


def test_it_is_opened_beside_the_menu_of_any_page_without_a_customer(
    app: AppTest,
) -> None:
    app.button(key="quick_ticket").click().run()

    filled(app, subject="Who are you?")

    assert kept()[0].customer_id is None
    assert "Of no customer yet." in said(app)


def test_a_word_that_finds_nobody_is_not_taken_for_no_customer(app: AppTest) -> None:
    app.button(key="quick_ticket").click().run()
    app.text_input(key="new_ticket_word").set_value("nobody").run()

    filled(app, subject="Grinder squeaks")

    assert kept() == []
    assert app.text_input(key="new_ticket_subject").value == "Grinder squeaks"


def test_a_customers_page_lists_its_tickets_and_opens_one_more(app: AppTest) -> None:
    customer = make.customer(name="Rhine Mills")
    make.ticket(customer_id=customer.id, subject="Old", status=TicketStatus.CLOSED)
    make.ticket(customer_id=customer.id, subject="Grinder squeaks")
    make.ticket(subject="Somebody else's")
    opened(app, CUSTOMER, customer.id)
    links = [link.label for link in app.get("page_link")]
    assert "Grinder squeaks" in links
    assert "Somebody else's" not in " ".join(links).replace("\\", "")
    assert "1 ticket is over" in [one.label for one in app.expander]

    app.button(key="ticket_new").click().run()
    filled(app, subject="One more")

    assert kept()[-1].customer_id == customer.id
    assert app.title[0].value == "One more"


def test_a_customers_page_tells_that_there_are_more_tickets(app: AppTest) -> None:
    customer = make.customer()
    for status in (TicketStatus.CLOSED, TicketStatus.OPEN):
        for _number in range(51):
            make.ticket(customer_id=customer.id, status=status)

    opened(app, CUSTOMER, customer.id)

    assert "50+ tickets are over" in [one.label for one in app.expander]
    assert "There are more; these are the latest 50." in said(app)


def test_what_was_typed_is_there_after_the_form_was_closed(
    app: AppTest, admin: Actor
) -> None:
    app.button(key="quick_ticket").click().run()
    app.text_input(key="new_ticket_subject").set_value("Grinder squeaks").run()

    other = signed_in(admin).run()
    other.button(key="quick_ticket").click().run()

    assert other.text_input(key="new_ticket_subject").value == "Grinder squeaks"
    filled(other)
    with db.reading(SYSTEM) as session:
        assert session.scalars(select(Draft)).all() == []


def test_a_click_moves_it_and_undo_takes_it_back(app: AppTest) -> None:
    ticket = make.ticket(subject="Grinder squeaks")
    opened(app, ONE, ticket.id).button(key="ticket_move_solved").click().run()
    assert kept()[0].status is TicketStatus.SOLVED
    assert "Solved" in said(app)

    app.button(key="undo_button").click().run()

    assert (kept()[0].status, kept()[0].solved_at) == (TicketStatus.NEW, None)


def test_a_closed_ticket_cannot_be_moved(app: AppTest) -> None:
    ticket = make.ticket(status=TicketStatus.CLOSED, solved_at=NOON)

    opened(app, ONE, ticket.id)

    moves = [
        app.button(key=f"ticket_move_{one.value}").disabled for one in TicketStatus
    ]
    assert moves == [True, True, True, True, False]


def test_a_task_is_written_on_it_and_stands_in_its_timeline(app: AppTest) -> None:
    ticket = make.ticket(subject="Grinder squeaks")
    form = f"activity_of_ticket_{ticket.id}"
    opened(app, ONE, ticket.id)
    app.segmented_control(key=f"{form}_kind").set_value("task").run()
    app.text_input(key=f"{form}_subject").set_value("Send a technician").run()

    app.button(key=f"{form}_save").click().run()

    with db.reading(SYSTEM) as session:
        task = session.scalars(select(Activity)).one()
    assert (task.ticket_id, task.customer_id) == (ticket.id, ticket.customer_id)
    assert "Send a technician" in said(app)


def test_its_timeline_is_its_own_unless_the_customers_is_wanted(app: AppTest) -> None:
    ticket = make.ticket(subject="Grinder squeaks")
    with db.reading(SYSTEM) as session:
        customer = session.get(type(make.customer()), ticket.customer_id)
    assert customer is not None
    make.activity(customer, subject="Visited them")

    opened(app, ONE, ticket.id)
    assert "Visited them" not in said(app)
    app.toggle(key="timeline_all").set_value(True).run()

    assert "Visited them" in said(app)


def test_the_customers_timeline_names_the_ticket_and_its_states(app: AppTest) -> None:
    customer = make.customer()
    ticket = make.ticket(customer_id=customer.id, subject="Grinder squeaks")
    opened(app, ONE, ticket.id).button(key="ticket_move_waiting").click().run()

    opened(app, CUSTOMER, customer.id)

    assert "Ticket Grinder squeaks" in said(app)
    assert "Status: New → Waiting for the customer" in [one.value for one in app.text]


def test_a_ticket_of_nobody_finds_its_customer_and_contact(app: AppTest) -> None:
    customer = make.customer(name="Rhine Mills")
    contact = make.contact(customer, last_name="Weber")
    ticket = make.ticket(customer_id=None)
    form = f"whose_{ticket.id}_1"
    opened(app, ONE, ticket.id).text_input(key=f"{form}_word").set_value("rhine").run()
    app.selectbox(key=f"{form}_contact_{customer.id}").select(contact.id)

    app.button(key=f"{form}_save").click().run()

    assert (kept()[0].customer_id, kept()[0].contact_id) == (customer.id, contact.id)
    assert "Of no customer yet." not in said(app)


def test_another_contact_of_its_customer_is_chosen(app: AppTest) -> None:
    customer = make.customer()
    first, second = (make.contact(customer) for _one in range(2))
    ticket = make.ticket(customer_id=customer.id, contact_id=first.id)
    form = f"whose_{ticket.id}_1"
    opened(app, ONE, ticket.id)
    box = app.selectbox(key=f"{form}_contact_{customer.id}")
    assert box.value == first.id

    box.select(second.id)
    app.button(key=f"{form}_save").click().run()

    assert (kept()[0].customer_id, kept()[0].contact_id) == (customer.id, second.id)


def test_a_contact_is_taken_off_again(app: AppTest) -> None:
    customer = make.customer()
    ticket = make.ticket(customer_id=customer.id, contact_id=make.contact(customer).id)
    form = f"whose_{ticket.id}_1"
    opened(app, ONE, ticket.id)

    app.selectbox(key=f"{form}_contact_{customer.id}").select_index(0)
    app.button(key=f"{form}_save").click().run()

    assert (kept()[0].customer_id, kept()[0].contact_id) == (customer.id, None)


def test_a_list_shows_states_and_priorities_in_words(app: AppTest) -> None:
    make.ticket(
        subject="Grinder", status=TicketStatus.WAITING, priority=Priority.URGENT
    )

    (row,) = opened(app, LIST).dataframe[0].value.to_dict("records")

    assert row["subject"] == "Grinder"
    said_of = (row["status"], row["priority"], row["kind"])
    assert said_of == ("Waiting for the customer", "Urgent", "Inquiry")


def test_the_search_box_opens_it(app: AppTest) -> None:
    make.ticket(subject="Grinder squeaks")

    app.text_input(key="search_everything").set_value("squeaks").run()

    links = [link.label.replace("\\", "") for link in app.get("page_link")]
    assert "Grinder squeaks · New" in links


def test_a_deleted_ticket_lies_in_the_bin_by_its_subject(app: AppTest) -> None:
    ticket = make.ticket(subject="Grinder squeaks")
    opened(app, ONE, ticket.id).button(key="delete").click().run()
    assert app.title[0].value == "Tickets"

    reading.opened(app, "pages/data/recycle_bin.py", bin_entity="ticket")
    app.button(key=f"bin_ticket_{ticket.id}").click().run()

    assert kept()[0].deleted_at is None


def test_who_only_reads_can_change_nothing(viewer: Actor) -> None:
    ticket = make.ticket(subject="Grinder squeaks")

    app = opened(signed_in(viewer).run(), ONE, ticket.id)

    keys = {one.key for one in app.button}
    assert not keys & {"ticket_new", "quick_ticket", "delete", "edit_ticket"}
    assert all(
        app.button(key=f"ticket_move_{one.value}").disabled for one in TicketStatus
    )


def test_charlie_is_told_that_it_is_not_there(alice: Actor, charlie: Actor) -> None:
    ticket = make.ticket(alice, subject="Grinder squeaks")

    app = opened(signed_in(charlie).run(), ONE, ticket.id)

    assert "does not exist" in said(app)
    assert "Grinder" not in said(app)


def test_markup_in_a_ticket_stays_text(app: AppTest) -> None:
    evil = "![x](http://127.0.0.1/p.png) :red[y]"
    ticket = make.ticket(subject=evil, description=evil, source=":red[s]")

    opened(app, ONE, ticket.id)

    assert "![" not in app.title[0].value
    shown = "".join(str(one.value) for one in [*app.markdown, *app.caption])
    assert "![" not in shown
    assert ":red[" not in shown


@pytest.mark.slow
def test_a_ticket_of_the_demo_company_opens(demo_app: AppTest) -> None:
    ticket = kept()[-1]
    demo_app.query_params["id"] = str(ticket.id)

    opened(demo_app.run(), ONE, ticket.id)

    assert not demo_app.error
    assert demo_app.title[0].value.replace("\\", "") == ticket.subject


def picked(app: AppTest) -> AppTest:
    """The list with its first two rows picked."""
    rows = {"selection": {"rows": [0, 1], "columns": [], "cells": []}}
    app.session_state["tickets_table"] = rows
    return app


def test_many_are_solved_at_once_and_that_is_undone(app: AppTest) -> None:
    for number in range(2):
        make.ticket(subject=f"T{number}")
    picked(opened(app, LIST)).run()
    picked(app).selectbox(key="tickets_bulk_field").select("status").run()
    picked(app).selectbox(key="tickets_bulk_status").select("solved").run()

    picked(app).button(key="tickets_bulk_change").click().run()

    assert {one.status for one in kept()} == {TicketStatus.SOLVED}
    assert all(one.solved_at is not None for one in kept())
    app.button(key="undo_button").click().run()
    assert {one.status for one in kept()} == {TicketStatus.NEW}
