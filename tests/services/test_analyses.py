"""Stored analyses: what comes back, and for whom."""

import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crm import db
from crm.errors import Forbidden, NotFound
from crm.models import Actor, Analysis
from crm.services import analyses, analysis_files
from crm.services.customers import segments
from tests import make

DAY = date(2026, 3, 1)


def kept(
    actor: Actor,
    parameters: dict[str, int] | None = None,
    as_of: date = DAY,
    **tables: pd.DataFrame,
) -> int:
    """An analysis of `actor` with these tables."""
    made = Analysis(
        kind="churn",
        parameters=parameters or {"horizon": 90},
        as_of=as_of,
        data_at=datetime(2026, 3, 1, 6, tzinfo=UTC),
        summary={"base_rate": 0.4},
    )
    with db.transaction(actor) as session:
        return analyses.store(session, made, tables)


def seen(actor: Actor) -> list[int]:
    with db.reading(actor) as session:
        return [one.id for one in analyses.listed(session, "churn")]


def test_a_table_comes_back_as_it_was(admin: Actor) -> None:
    scores = pd.DataFrame({"customer_id": [1, 2], "p": [0.25, 0.5], "why": ["a", "é"]})
    analysis_id = kept(admin, scores=scores)

    with db.reading(admin) as session:
        found = analyses.table(session, analysis_id, "scores")

    pd.testing.assert_frame_equal(found, scores)


@pytest.mark.slow
def test_a_table_larger_than_a_part_comes_back_whole(admin: Actor) -> None:
    noise = np.random.default_rng(1).random(400_000)  # 3.2 MB that do not compress
    analysis_id = kept(admin, scores=pd.DataFrame({"p": noise}))

    with db.reading(admin) as session:
        found = analyses.table(session, analysis_id, "scores")

    assert found["p"].tolist() == noise.tolist()


def test_an_unknown_table_is_told(admin: Actor) -> None:
    analysis_id = kept(admin)

    with db.reading(admin) as session, pytest.raises(NotFound):
        analyses.table(session, analysis_id, "scores")


def test_the_newest_comes_first(admin: Actor) -> None:
    first, second = kept(admin), kept(admin)

    assert seen(admin) == [second, first]
    with db.reading(admin) as session:
        latest = analyses.latest(session, "churn")
    assert latest is not None
    assert latest.id == second


def test_a_record_tells_what_is_known_of_today(admin: Actor) -> None:
    of_today = kept(admin)
    of_the_past = kept(admin, as_of=DAY - timedelta(days=60))

    with db.reading(admin) as session:
        newest, now = (
            find(session, "churn") for find in (analyses.latest, analyses.of_now)
        )
    assert newest is not None
    assert now is not None
    assert (newest.id, now.id) == (of_the_past, of_today)


def test_a_record_tells_what_is_known_of_the_past_where_that_is_all(
    admin: Actor,
) -> None:
    of_the_past = kept(admin, as_of=DAY - timedelta(days=60))

    with db.reading(admin) as session:
        now = analyses.of_now(session, "churn")
    assert now is not None
    assert now.id == of_the_past


def test_who_sees_all_shares_with_who_sees_all(admin: Actor, viewer: Actor) -> None:
    assert seen(viewer) == []
    analysis_id = kept(admin)

    assert seen(viewer) == [analysis_id]


def test_an_analysis_of_some_customers_is_for_its_maker_alone(
    admin: Actor, alice: Actor, bob: Actor, charlie: Actor
) -> None:
    analysis_id = kept(alice, scores=pd.DataFrame({"p": [0.5]}))

    assert seen(alice) == [analysis_id]
    for other in (admin, bob, charlie):
        assert seen(other) == []
        with db.reading(other) as session, pytest.raises(NotFound):
            analyses.table(session, analysis_id, "scores")


def test_whose_reach_was_narrowed_sees_no_analysis_of_all(alice: Actor) -> None:
    wide = make.actor("Wilma", reach="all")
    kept(wide)
    narrowed = Actor(wide.user_id, wide.name, wide.role, reach=alice.reach)

    assert seen(narrowed) == []


def test_who_may_only_read_makes_none(viewer: Actor) -> None:
    with pytest.raises(Forbidden):
        kept(viewer)
    with db.transaction(viewer) as session, pytest.raises(Forbidden):
        analyses.ask(session, "churn", "Churn", {}, as_of=DAY)


def test_asking_twice_is_asking_once(admin: Actor) -> None:
    with db.transaction(admin) as session:
        first = analyses.ask(session, "churn", "Churn", {}, as_of=DAY)
        again = analyses.ask(session, "churn", "Churn", {}, as_of=DAY)

    assert first.id == again.id
    with db.reading(admin) as session:
        assert analyses.under_way(session, "churn") is not None


def test_others_wait_for_their_own(admin: Actor, alice: Actor) -> None:
    with db.transaction(alice) as session:
        analyses.ask(session, "churn", "Churn", {}, as_of=DAY)

    with db.reading(admin) as session:
        assert analyses.under_way(session, "churn") is None


def test_only_the_customers_in_reach_are_looked_at(admin: Actor, alice: Actor) -> None:
    mine = make.customer(alice)
    make.customer(admin)

    with db.reading(alice) as session:
        assert analyses.customers_of(session, None, today=DAY) == [mine.id]
    with db.reading(admin) as session:
        assert analyses.customers_of(session, None, today=DAY) is None


def test_those_of_a_segment_are_looked_at_as_far_as_they_are_in_reach(
    admin: Actor, alice: Actor
) -> None:
    mine, other = make.customer(alice), make.customer(admin)
    make.customer(alice)
    with db.transaction(admin) as session:
        segment_id = segments.save(session, "Both", [mine.id, other.id]).id

    with db.reading(admin) as session:
        found = analyses.customers_of(session, segment_id, today=DAY)
        assert sorted(found or []) == [mine.id, other.id]
    with db.reading(alice) as session:
        assert analyses.customers_of(session, segment_id, today=DAY) == [mine.id]


def test_an_analysis_of_a_segment_is_not_the_latest_of_all(admin: Actor) -> None:
    whole = kept(admin)
    part = kept(admin, parameters={"segment_id": 7})

    assert seen(admin) == [part, whole]
    with db.reading(admin) as session:
        latest = analyses.latest(session, "churn")
    assert latest is not None
    assert latest.id == whole


def test_the_tables_go_into_a_file_in_which_no_cell_is_a_formula(
    admin: Actor, tmp_path: Path
) -> None:
    names = pd.DataFrame({"name": ["=1+1", "Contoso"], "gap": [2.5, np.nan]})
    analysis_id = kept(admin, names=names)

    with db.reading(admin) as session:
        analysis_files.write_zip(session, analysis_id, tmp_path / "a.zip")

    with zipfile.ZipFile(tmp_path / "a.zip") as file:
        assert sorted(file.namelist()) == ["about.json", "names.csv"]
        about = json.loads(file.read("about.json"))
        lines = file.read("names.csv").decode("utf-8-sig").splitlines()
    assert about["as_of"] == "2026-03-01"
    assert about["parameters"] == {"horizon": 90}
    assert lines == ['"name","gap"', '"\'=1+1","2.5"', '"Contoso",""']


def test_who_may_not_export_gets_no_file(
    admin: Actor, viewer: Actor, tmp_path: Path
) -> None:
    analysis_id = kept(admin)

    with db.reading(viewer) as session, pytest.raises(Forbidden):
        analysis_files.write_zip(session, analysis_id, tmp_path / "a.zip")
