"""Leads come in: new ones, those that ended elsewhere, and those that are there."""

from datetime import UTC, datetime
from typing import Any

import pytest

from crm.models import (
    Actor,
    Contact,
    Customer,
    Lead,
    LeadStatus,
    Opportunity,
    Unfit,
)
from crm.services.imports.choices import Mode
from crm.services.imports.headers import likely_target, suggest
from crm.services.imports.targets import LEADS
from tests import make
from tests.services.imports.engine import (
    begun,
    brought,
    latest,
    ran,
    rows_of,
    told,
    undone,
)

ZOHO = (
    "Record Id,Lead Owner.id,Lead Owner,Is Converted,Company,First Name,Last Name,"
    "Email,Phone,Mobile,Lead Source,Lead Status,Created Time,Modified Time"
)
SALESFORCE = (
    "Id,IsDeleted,LastName,FirstName,Company,Email,Phone,LeadSource,Status,OwnerId"
)
ODOO = "External ID,Contact Name,Company Name,Email,Phone,Salesperson,Source,Notes"


@pytest.mark.parametrize("header", [ZOHO, SALESFORCE])
def test_leads_of_other_programs_are_recognised(header: str) -> None:
    assert likely_target(header.split(",")) is LEADS


@pytest.mark.parametrize("header", [ZOHO, SALESFORCE, ODOO])
def test_their_main_columns_have_their_fields(header: str) -> None:
    found = {one.field for one in suggest(header.split(","), LEADS)}

    assert found >= {"external_id", "name", "company", "email", "phone", "source"}


@pytest.mark.slow
def test_leads_come_in_with_what_is_known_of_them(admin: Actor) -> None:
    make.actor("Bob")

    report = brought(
        admin,
        "Record Id,Lead Owner,Company,First Name,Last Name,Email,Lead Source,"
        "Lead Status,Created Time\n"
        "z1,Bob,Globex,Ann,Lee,Ann@globex.example,Fair,Contacted,2025-03-01 09:30:00\n"
        "z2,,,,Cher,,,,\n",
        "leads",
        zone="UTC",
    )

    assert report.made == {"lead": 2}
    names = ("name", "company", "email", "source", "status", "external_key")
    assert rows_of(Lead, *names) == [
        ("Ann Lee", "Globex", "ann@globex.example", "Fair", LeadStatus.WORKING, "z1"),
        ("Cher", None, None, None, LeadStatus.NEW, "z2"),
    ]
    first = rows_of(Lead, "created_at", "owner_id")[0]
    assert first[0] == datetime(2025, 3, 1, 9, 30, tzinfo=UTC)
    assert first[1] != admin.user_id


@pytest.mark.slow
def test_what_was_converted_elsewhere_makes_nothing_once_more(admin: Actor) -> None:
    acme = make.customer(name="Acme")

    brought(
        admin,
        "id,name,status,customer,created,ended\n"
        "1,Ann,Closed - Converted,Acme,2025-01-02,2025-02-03\n",
        "leads",
        zone="UTC",
    )

    at = datetime(2025, 2, 3, tzinfo=UTC)
    names = ("status", "customer_id", "converted_at")
    assert rows_of(Lead, *names) == [(LeadStatus.CONVERTED, acme.id, at)]
    assert rows_of(Customer, "id") == [(acme.id,)]
    assert rows_of(Contact, "id") == rows_of(Opportunity, "id") == []


@pytest.mark.slow
def test_a_disqualified_lead_has_a_reason_and_no_other_has_one(admin: Actor) -> None:
    brought(
        admin,
        "id,name,status,unfit_reason\n"
        "1,A,Junk Lead,\n2,B,lost,No budget\n3,C,new,other\n",
        "leads",
    )

    assert [one[0] for one in rows_of(Lead, "unfit_reason")] == [
        Unfit.OTHER, Unfit.NO_BUDGET, None,
    ]  # fmt: skip
    words = "Only what is disqualified has a reason; it is left out."
    assert told(admin, latest(admin)) == [(3, "unfit_reason", words)]


@pytest.mark.slow
def test_what_cannot_be_is_told(admin: Actor) -> None:
    report = brought(
        admin,
        "id,name,status,email,created\n"
        "1,A,strange,,\n2,B,,no address,\n3,,,,\n4,D,,,2999-01-01\n5,E,,,soon\n",
        "leads",
    )

    assert (report.counts.created, report.counts.failed) == (3, 2)
    reasons = {row: reason for row, _column, reason in told(admin, latest(admin))}
    assert "“strange” is none of" in reasons[1]
    assert reasons[2] == "“no address” is not an e-mail address."
    assert reasons[3] == "Nothing here, but it is required."
    assert reasons[4] == "The year of “2999-01-01” is not between 1900 and 2199."
    assert "“soon” is not a date" in reasons[5]


@pytest.mark.slow
@pytest.mark.parametrize("key", ["external_id", "email"])
def test_what_is_there_is_changed_and_set_back(admin: Actor, key: str) -> None:
    lead = make.saved(
        Lead(name="Ann", email="Ann@x.example", external_id="7", source="Fair")
    )

    file = (
        "external_id,email,name,source\n7,ann@x.example,Ann,Web\n8,bo@x.example,Bo,\n"
    )
    import_id = begun(admin, file, "leads", match_key=key)
    report = ran(admin, import_id)
    assert (report.made, report.changed) == ({"lead": 1}, {"lead": 1})
    assert rows_of(Lead, "id", "source")[0] == (lead.id, "Web")

    undo = undone(admin, import_id)

    assert (undo.removed["lead"], undo.set_back, undo.n_kept) == (1, 1, 0)
    assert rows_of(Lead, "id", "source") == [(lead.id, "Fair")]


@pytest.mark.slow
def test_what_was_converted_here_stays_so(admin: Actor) -> None:
    at = datetime(2025, 2, 3, tzinfo=UTC)
    ended: dict[str, Any] = {"status": LeadStatus.CONVERTED, "converted_at": at}
    make.saved(Lead(name="Ann", external_id="7", **ended))

    brought(admin, "external_id,name,status\n7,Anna,new\n", "leads", mode=Mode.UPDATE)

    assert rows_of(Lead, "name", *ended) == [("Anna", LeadStatus.CONVERTED, at)]
    words = "It has been converted; that stays."
    assert told(admin, latest(admin)) == [(1, "status", words)]


@pytest.mark.slow
def test_the_same_file_twice_changes_nothing(admin: Actor) -> None:
    file = "id,first_name,name,status,created\n1,Ann,Lee,junk,2025-01-01\n"
    brought(admin, file, "leads")

    assert brought(admin, file, "leads").counts.unchanged == 1
