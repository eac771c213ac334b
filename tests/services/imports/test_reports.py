"""What an import leaves: a report, its issues, and a file of what did not go in."""

import csv
import io
from pathlib import Path

import pytest

from crm import db
from crm.i18n import language
from crm.models import Actor, Customer, ImportState
from crm.services.imports import runs
from tests.services.imports.engine import begun, brought, checked, latest, ran, rows_of

CONTENT = (
    "name,city,phone\n"
    '"=cmd|calc",Bonn,\n'
    ",=1+1,\n"
    "Twice,Ulm,nonsense\n"
    "Twice,+49,\n"
    "Ragged\n"
)


def left_out(actor: Actor, import_id: int) -> str:
    with db.reading(actor) as session:
        return b"".join(runs.issues_csv(session, import_id)).decode("utf-8-sig")


@pytest.mark.slow
def test_rows_that_did_not_go_in_are_a_file(admin: Actor) -> None:
    brought(admin, CONTENT, "customers")

    found = list(csv.reader(io.StringIO(left_out(admin, latest(admin)))))

    assert found == [
        ["Row in the file", "Column", "Reason", "name", "city", "phone"],
        ["2", "name", "Nothing here, but it is required.", "", "'=1+1", ""],
        ["4", "", "The same record as in row 3.", "Twice", "+49", ""],
        ["5", "", "The row has 1 cells; the header has 3.", "Ragged"],
    ]


@pytest.mark.slow
def test_each_reader_is_told_in_their_own_language(admin: Actor) -> None:
    with language("zh_CN"):
        import_id = begun(admin, CONTENT.replace("phone", "name", 1), "customers")
        checked(admin, import_id)
        ran(admin, import_id)
        file = left_out(admin, import_id)
    with db.reading(admin) as session:
        found = runs.checked(session, import_id)
        notes = runs.report(session, import_id).notes
        job = runs.get(session, import_id).job

    assert job is not None
    assert job.title == "Import file.csv"
    assert notes == ("Names that occur more than once were numbered: name.",)
    assert found is not None
    assert found.notes == notes
    assert "Nothing here" not in file
    assert "Nothing here, but it is required." in left_out(admin, import_id)
    assert "The same record as in row 3." in left_out(admin, import_id)
    assert "The row has 1 cells" in left_out(admin, import_id)


@pytest.mark.slow
def test_that_file_can_be_corrected_and_imported(admin: Actor) -> None:
    brought(admin, "name,city\nA,Bonn\n,'=1+1\n,Ulm\n", "customers")
    corrected = left_out(admin, latest(admin)).replace('"",', '"New",', 2)
    corrected = corrected.replace('required.","",', 'required.","New",', 1)

    report = brought(
        admin,
        corrected,
        "customers",
        mapping={"name": "name", "city": "city"},
        match_key="name",
    )

    assert report.counts.created == 1
    assert ("New", "=1+1") in rows_of(Customer, "name", "city")


@pytest.mark.slow
def test_several_faults_of_a_row_are_one_line(admin: Actor) -> None:
    brought(admin, "sku,name,price,active\nA,Cup,x,maybe\n", "products")

    found = list(csv.reader(io.StringIO(left_out(admin, latest(admin)))))

    assert found[1][:3] == [
        "1",
        "price, active",
        "“x” is not a number like 1,234.56. “maybe” is neither yes nor no.",
    ]


@pytest.mark.slow
def test_many_pages_of_issues(admin: Actor) -> None:
    rows = "".join(f",Cup {n}\n" for n in range(2_345))  # without its SKU
    brought(admin, f"sku,name\n{rows}", "products")
    import_id = latest(admin)

    with db.reading(admin) as session:
        assert runs.count_issues(session, import_id) == 2_345
        page = runs.issues(session, import_id, limit=100, page=24)
    assert [issue.row for issue in page] == list(range(2_301, 2_346))
    assert left_out(admin, import_id).count("\n") == 2_346


@pytest.mark.slow
def test_issues_are_chosen_by_outcome(admin: Actor) -> None:
    brought(admin, CONTENT, "customers")
    import_id = latest(admin)

    with db.reading(admin) as session:
        rows = {
            outcome: [i.row for i in runs.issues(session, import_id, outcome=outcome)]
            for outcome in runs.Outcome
        }
    assert rows == {"skipped": [4], "failed": [2, 5], "partly": [3]}


def test_before_the_run_a_report_is_empty(admin: Actor) -> None:
    import_id = begun(admin, CONTENT, "customers")

    with db.reading(admin) as session:
        report = runs.report(session, import_id)
    assert (report.counts, report.total, report.finished) == (
        runs.Counts(), None, False,
    )  # fmt: skip


@pytest.mark.slow
def test_after_the_run_the_file_is_gone(admin: Actor, tmp_path: Path) -> None:
    import_id = begun(admin, CONTENT, "customers")
    ran(admin, import_id)

    with db.reading(admin) as session:
        found = runs.get(session, import_id)
    assert (found.state, found.form.sample_rows) == (ImportState.DONE, ())
    for folder in ("files", "staging"):
        assert list((tmp_path / "data" / folder).iterdir()) == []


def test_imports_are_listed_newest_first(admin: Actor) -> None:
    ids = [begun(admin, "name\nA\n", "customers") for _time in range(3)]

    with db.reading(admin) as session:
        assert [one.id for one in runs.listed(session, limit=2)] == ids[:0:-1]
        assert [one.id for one in runs.listed(session, limit=2, page=2)] == ids[:1]
        assert runs.count(session) == 3
