"""Leads are read as they were when they came in."""

from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from crm import db, frames
from crm.config import settings
from crm.models import Actor, Lead, LeadFields, LeadStatus, Unfit
from crm.services.sales import lead_tables, leads
from crm.services.sales.lead_domains import is_own
from tests import make
from tests.make import NOON


def read(actor: Actor) -> pd.DataFrame:
    with db.reading(actor) as session:
        return lead_tables.leads(session)


def changed(actor: Actor, lead_id: int, **changes: Any) -> Lead:
    with db.transaction(actor) as session:
        return leads.update(session, lead_id, changes)


def created(actor: Actor, **fields: Any) -> Lead:
    with db.transaction(actor) as session:
        return leads.create(session, LeadFields(**fields))


def test_an_empty_table_has_its_types(admin: Actor) -> None:
    assert read(admin).dtypes.astype(str).to_dict() == frames.LEADS


def test_what_was_edited_later_is_taken_back(alice: Actor) -> None:
    came = created(alice, name="Ada", source="fair", notes="Wants two machines")
    changed(
        alice, came.id, email="ada@lovelace.example", notes="Has bought. A lot of it"
    )
    changed(alice, came.id, source="web", notes=None, company="Engines")

    [row] = read(alice).to_dict("records")

    assert (row["source"], row["words"]) == ("fair", 3)
    told_later = ("has_email", "own_domain", "has_company")
    assert not any(row[name] for name in told_later)


def test_ends_are_those_of_the_last_disqualification(alice: Actor) -> None:
    made = [created(alice, name=name) for name in ("Kept", "Dropped", "Again")]
    for one in made[1:]:
        with db.transaction(alice) as session:
            leads.disqualify(session, one.id, Unfit.NO_NEED)
    changed(alice, made[2].id, status=LeadStatus.WORKING)
    dropped = changed(alice, made[1].id, notes="No.")  # an edit after the end

    table = read(alice).set_index("lead_id")

    ends = table["ended_at"]
    assert ends.notna().tolist() == [False, True, False]
    assert ends[made[1].id] < pd.Timestamp(dropped.updated_at).tz_localize(None)
    assert ends[made[1].id] >= table["created_at"][made[1].id]


def test_an_imported_end_is_that_of_the_last_change(alice: Actor) -> None:
    ended = NOON + timedelta(days=3)
    common = {"created_at": NOON, "updated_at": ended}
    dropped = {"status": LeadStatus.DISQUALIFIED, "unfit_reason": Unfit.NO_NEED}
    make.lead(**common, **dropped)
    make.lead(**common, status=LeadStatus.CONVERTED, converted_at=ended)

    table = read(alice)

    assert (table["created_at"] == pd.Timestamp("2026-03-01 12:00")).all()
    assert (table["ended_at"] == pd.Timestamp("2026-03-04 12:00")).all()


def test_the_hour_is_that_of_the_company(
    alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.lead(created_at=NOON)
    monkeypatch.setenv("CRM_TIMEZONE", "Asia/Shanghai")
    settings.cache_clear()

    [row] = read(alice).to_dict("records")

    settings.cache_clear()
    assert row["arrived_at"] == pd.Timestamp("2026-03-01 20:00")


def test_only_leads_in_reach_are_read(alice: Actor, charlie: Actor) -> None:
    make.lead(alice)
    hidden = created(charlie, name="Hidden", notes="One two")
    mine = created(alice, name="Mine", notes="One")
    changed(alice, mine.id, notes="One two three")

    table = read(alice).set_index("lead_id")

    assert hidden.id not in table.index
    assert table["words"].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("email", "own"),
    [
        ("eva@larkfield.example", True),
        ("Eva@GMail.com", False),
        ("eva@yahoo.co.uk", False),
        ("eva@mail.larkfield.example", True),
        ("eva@qq.com", False),
        ("eva@", False),
        ("eva", False),
        ("", False),
        (None, False),
    ],
)
def test_a_domain_of_its_own_is_not_that_of_a_provider(
    email: str | None, own: bool
) -> None:
    assert is_own(email) == own


def test_chinese_words_are_counted_by_characters() -> None:
    assert len(lead_tables.WORD.findall("想要 two 台咖啡机, now!")) == 8
