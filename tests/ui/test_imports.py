"""The import wizard without a browser: from a file to the report and back."""

import io
from typing import Any

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from crm import db, i18n
from crm.config import ROOT
from crm.jobs.run import run_here
from crm.models import Actor, Customer, ImportState
from crm.services import jobs
from crm.services.imports import runs
from crm.services.imports.headers import suggest
from crm.services.imports.targets import TARGETS
from crm.ui.data.imports import guide
from crm.ui.data.imports.cells import corrections
from tests import make
from tests.ui.conftest import signed_in

CUSTOMERS = "Name,E-mail,City\nRhine Mills,a@example.com,Köln\nElbe Works,,Hamburg\n"
LIST, WIZARD = "pages/data/imports.py", "pages/data/import.py"


def at(app: AppTest, page: str, **query: object) -> AppTest:
    for name, value in query.items():
        app.query_params[name] = str(value)
    return app.switch_page(str(ROOT / page)).run()


def begun(
    actor: Actor, text: str = CUSTOMERS, name: str = "a.csv", target: str | None = None
) -> int:
    """The id of an import that stands at its first step."""
    upload = runs.upload(actor, io.BytesIO(text.encode()), name)
    with db.transaction(actor) as session:
        return runs.start(session, upload, target).id


def seen(actor: Actor, import_id: int) -> runs.Import:
    with db.reading(actor) as session:
        return runs.get(session, import_id)


def work(actor: Actor, import_id: int) -> None:
    """Do the job that the import waits for."""
    job = seen(actor, import_id).job
    assert job is not None
    run_here(job.id)


def said(app: AppTest) -> str:
    """All text of the page, without the signs that keep it from being markup."""
    kinds = ("markdown", "caption", "title", "subheader", "error", "warning", "info")
    elements = [one for kind in kinds for one in app.get(kind)]
    return "\n".join(str(one.value) for one in elements).replace("\\", "")


def checked(app: AppTest, actor: Actor, import_id: int) -> AppTest:
    """The wizard after its check."""
    at(app, WIZARD, id=import_id, step="map")
    app.button(key="import_check").click().run()
    work(actor, import_id)
    return app.run()


def imported(app: AppTest, actor: Actor, import_id: int) -> AppTest:
    """The wizard with its report."""
    checked(app, actor, import_id).button(key="import_run").click().run()
    work(actor, import_id)
    return app.run()


@pytest.mark.slow
def test_the_empty_list_says_what_to_do_next(app: AppTest) -> None:
    at(app, LIST)

    assert not app.exception
    assert "Nothing has been imported yet." in said(app)
    assert app.get("file_uploader")


def test_an_uploaded_file_opens_its_wizard(app: AppTest, admin: Actor) -> None:
    at(app, LIST)

    app.get("file_uploader")[0].set_value(("a.csv", CUSTOMERS.encode(), "text/csv"))
    app.run()
    app.button(key="import_begin").click().run()

    assert not app.exception
    with db.reading(admin) as session:
        (one,) = runs.listed(session)
    assert (one.target, one.file_name) == ("customers", "a.csv")
    assert app.title[0].value == "a\\.csv"


def test_what_a_file_holds_is_the_users_to_say(app: AppTest, admin: Actor) -> None:
    at(app, LIST)

    app.get("file_uploader")[0].set_value(("a.csv", b"x,y\n1,2\n", "text/csv"))
    app.run()
    assert "header does not tell" in said(app)
    assert app.button(key="import_begin").disabled
    app.selectbox[0].set_value("products").run()
    app.button(key="import_begin").click().run()

    with db.reading(admin) as session:
        (one,) = runs.listed(session)
    assert one.target == "products"


def test_a_file_that_is_no_table_is_refused_in_words(
    app: AppTest, admin: Actor
) -> None:
    at(app, LIST)

    app.get("file_uploader")[0].set_value(("a.pdf", b"%PDF-1.7 ...", "x/y"))
    app.run()

    assert "neither CSV nor XLSX but a PDF document" in said(app)
    with db.reading(admin) as session:
        assert runs.count(session) == 0


def test_who_may_import_nothing_is_told(viewer: Actor) -> None:
    app = signed_in(viewer).run()

    at(app, LIST)

    assert not app.exception
    assert not app.get("file_uploader")
    assert "You do not have the right to import." in said(app)


def test_an_import_of_somebody_else_is_not_shown(database: str) -> None:
    bob = make.actor("Bob", role="manager")
    import_id = begun(bob, name="secret plans.csv")
    app = signed_in(make.actor("Charlie", role="manager")).run()

    at(app, WIZARD, id=import_id)

    assert not app.exception
    assert "does not exist" in said(app)
    assert "secret" not in said(app)
    assert not app.dataframe


def test_another_encoding_reads_the_rows_anew(app: AppTest, admin: Actor) -> None:
    import_id = begun(admin)
    at(app, WIZARD, id=import_id)
    assert app.dataframe[0].value.iloc[0, 2] == "Köln"

    encoding = next(one for one in app.selectbox if one.label == "Encoding")
    encoding.set_value("cp1252").run()

    assert app.dataframe[0].value.iloc[0, 2] == "KÃ¶ln"
    assert seen(admin, import_id).form.encoding == "cp1252"


def test_the_header_suggests_the_fields(app: AppTest, admin: Actor) -> None:
    at(app, WIZARD, id=begun(admin), step="map")

    boxes = {box.label.replace("\\", ""): box.value for box in app.selectbox}
    assert (boxes["Name"], boxes["E-mail"], boxes["City"]) == ("name", "email", "city")
    assert [badge.value for badge in app.get("markdown") if "sure" in badge.value]


def test_what_the_file_holds_can_be_changed_when_mapping(
    app: AppTest, admin: Actor
) -> None:
    import_id = begun(admin)
    at(app, WIZARD, id=import_id, step="map")
    field(app, "City").set_value("region").run()  # drafted, for customers

    kind = next(box for box in app.selectbox if box.label == "What does it hold?")
    kind.set_value("contacts").run()

    assert not app.exception
    assert seen(admin, import_id).target == "contacts"
    assert field(app, "Name").value == "last_name"
    assert field(app, "City").value == ""


@pytest.mark.slow
def test_a_file_that_became_something_else_is_mapped_before_it_is_checked(
    app: AppTest, admin: Actor
) -> None:
    import_id = begun(admin)
    checked(app, admin, import_id)
    with db.transaction(admin) as session:
        runs.choose_target(session, import_id, "contacts")

    at(app, WIZARD, id=import_id, step="check")

    assert not app.exception
    assert not app.metric
    assert app.button(key="import_step_check").disabled


@pytest.mark.slow
def test_a_check_that_was_stopped_can_be_asked_for_again(
    app: AppTest, admin: Actor
) -> None:
    import_id = begun(admin)
    at(app, WIZARD, id=import_id, step="map")
    app.button(key="import_check").click().run()
    stopped = seen(admin, import_id).job
    assert stopped is not None
    with db.transaction(admin) as session:
        jobs.cancel(session, stopped.id)
    app.run()

    app.button(key="import_check_again").click().run()
    work(admin, import_id)
    app.run()

    assert not app.exception
    assert {metric.label: metric.value for metric in app.metric}["New"] == "2"


def test_a_required_field_without_a_column_is_named(app: AppTest, admin: Actor) -> None:
    at(app, WIZARD, id=begun(admin), step="map")

    field(app, "Name").set_value("").run()

    assert "required: Name" in said(app)
    assert app.button(key="import_check").disabled


def test_a_field_mapped_twice_is_refused_in_words(app: AppTest, admin: Actor) -> None:
    at(app, WIZARD, id=begun(admin), step="map")

    field(app, "City").set_value("name").run()

    assert "“Name” is filled from several columns: Name, City. Keep one." in said(app)
    assert app.button(key="import_check").disabled


def test_a_choice_that_was_not_checked_yet_survives_a_new_session(
    app: AppTest, admin: Actor
) -> None:
    import_id = begun(admin)
    at(app, WIZARD, id=import_id, step="map")
    field(app, "City").set_value("region").run()

    again = at(signed_in(admin).run(), WIZARD, id=import_id, step="map")

    assert field(again, "City").value == "region"


@pytest.mark.slow
def test_a_check_tells_what_would_happen_and_writes_nothing(
    app: AppTest, admin: Actor
) -> None:
    checked(app, admin, begun(admin))

    figures = {metric.label: metric.value for metric in app.metric}
    assert not app.exception
    assert figures == {
        "New": "2",
        "Updates": "0",
        "Unchanged": "0",
        "Duplicates": "0",
        "Skipped": "0",
        "Errors": "0",
    }
    assert app.button(key="import_run").label == "Import 2 rows"
    assert customers(admin) == 0


@pytest.mark.slow
def test_a_run_makes_the_records_and_its_report_adds_up(
    app: AppTest, admin: Actor
) -> None:
    imported(app, admin, begun(admin))

    assert not app.exception
    sentence = "2 rows = 2 created + 0 updated + 0 skipped + 0 failed"
    assert app.subheader[0].value.replace("\\", "") == sentence
    assert customers(admin) == 2


@pytest.mark.slow
def test_an_undo_takes_the_records_back(app: AppTest, admin: Actor) -> None:
    import_id = begun(admin)
    imported(app, admin, import_id)
    assert "What it has made goes to the recycle bin: Customers 2." in said(app)

    app.button(key="import_undo").click().run()
    work(admin, import_id)
    app.run()

    assert not app.exception
    assert customers(admin) == 0
    assert seen(admin, import_id).state is ImportState.UNDONE
    told = app.success[0].value.replace("\\", "")
    assert told == "Undone – to the recycle bin: Customers 2"


@pytest.mark.slow
def test_a_bad_cell_is_put_right_in_the_grid(app: AppTest, admin: Actor) -> None:
    import_id = begun(admin, "SKU,Name,Price\nA1,Pen,3 euros\nA2,Cup,5\n")
    checked(app, admin, import_id)
    assert {metric.label: metric.value for metric in app.metric}["Errors"] == "1"

    app.session_state[grid(app)] = {"edited_rows": {"0": {"c2": "3"}}}
    app.button(key="import_fix").click().run()
    assert "check again" in said(app)
    app.button(key="import_check_again").click().run()
    work(admin, import_id)
    app.run()

    figures = {metric.label: metric.value for metric in app.metric}
    assert (figures["New"], figures["Errors"]) == ("2", "0")


@pytest.mark.slow
def test_a_reason_counts_all_its_rows(app: AppTest, admin: Actor) -> None:
    rows = "".join(f"A{n},Pen,{n} euros\n" for n in range(1234))
    checked(app, admin, begun(admin, f"SKU,Name,Price\n{rows}", target="products"))

    reasons = next(one.value for one in app.dataframe if "outcome" in one.value)
    assert reasons["rows"].tolist() == ["1,234"]
    assert "The first 20 of 1,234 rows." in said(app)


@pytest.mark.slow
def test_a_tab_with_an_older_state_is_told(app: AppTest, admin: Actor) -> None:
    import_id = begun(admin)
    checked(app, admin, import_id)
    with db.transaction(admin) as session:
        runs.choose(session, import_id, runs.Choices({"Name": "name"}, "name"))

    app.button(key="import_run").click().run()

    assert "changed in another tab" in said(app)
    assert "check again" in said(app)
    assert customers(admin) == 0


def test_a_file_name_with_markup_is_shown_as_it_is(app: AppTest, admin: Actor) -> None:
    name = "![x](http://127.0.0.1/p.png) :red[y].csv"
    begun(admin, name=name)

    at(app, LIST)

    labels = [link.proto.label for link in app.get("page_link")]
    assert any("\\!\\[x\\]\\(http" in label for label in labels)


def test_what_came_from_the_browser_counts_only_where_it_was_shown() -> None:
    issue = runs.Issue(7, runs.Outcome.FAILED, "Price", "no number", ("A1", "x"))
    edited = {
        "0": {"c1": "3", "c0": "B9", "row": "1", "c99": "?"},
        "1": {"c1": "4"},
        "-1": {"c1": "5"},
        "a": {"c1": "6"},
    }

    assert corrections(("SKU", "Price"), [issue], edited) == {(7, "Price"): "3"}


@pytest.mark.parametrize(
    ("typed", "kept"), [(None, ""), (3.5, "3.5"), ("x", None)], ids=str
)
def test_a_corrected_cell_is_text(typed: Any, kept: str | None) -> None:
    issue = runs.Issue(7, runs.Outcome.FAILED, "Price", "no number", ("A1", "x"))

    found = corrections(("SKU", "Price"), [issue], {0: {"c1": typed}})

    assert found == {(7, "Price"): kept}


@pytest.mark.parametrize("nonsense", [None, [], "x", {"0": None}, {"0": ["c1"]}])
def test_nonsense_from_the_browser_corrects_nothing(nonsense: Any) -> None:
    issue = runs.Issue(7, runs.Outcome.FAILED, "Price", "no number", ("A1", "x"))

    assert corrections(("SKU", "Price"), [issue], nonsense) == {}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("name", TARGETS)
def test_the_columns_of_an_empty_file_are_recognised(name: str, language: str) -> None:
    target = TARGETS[name]

    with i18n.language(language):
        header = guide.template(target).decode("utf-8-sig").strip().split(",")

    found = [suggestion.field for suggestion in suggest(header, target)]
    assert found == [field.name for field in target.fields]


def field(app: AppTest, column: str) -> Any:
    """The box beside a column."""
    return next(
        box
        for box in app.selectbox
        if box.label.replace("\\", "") == column and "_field_" in (box.key or "")
    )


def grid(app: AppTest) -> str:
    """The key of the grid that cells are put right in."""
    ids = [str(one.proto.id) for one in app.dataframe]
    return next(one.split("-", 2)[2] for one in ids if "_grid_" in one)


def customers(actor: Actor) -> int:
    with db.reading(actor) as session:
        return session.scalar(select(func.count()).select_from(Customer)) or 0


ENGAGING = "Sales pipeline: Engaging"
DEALS = (
    "id,account,product,deal_stage\n1,Acme,GTXPro,Engaging\n2,Acme,GTX Pro,Proposal\n"
)


@pytest.mark.slow
def test_what_the_file_calls_otherwise_is_confirmed_before_it_counts(
    app: AppTest, admin: Actor
) -> None:
    pro = make.product(name="GTX Pro")
    import_id = begun(admin, DEALS, target="opportunities")
    checked(app, admin, import_id)

    boxes = {box.label.replace("\\", ""): box for box in app.selectbox}
    stage = boxes["Stage “Sales pipeline: Engaging” · 1 row"]
    product = boxes["Product “GTXPro” · 1 row"]
    assert (stage.value, product.value) == (None, str(pro.id))
    assert "2 answers are open" in said(app)
    assert seen(admin, import_id).choices.meant == {}  # what is filled in is no answer

    stage.set_value("make")
    app.button(key="import_terms").click().run()
    work(admin, import_id)
    app.run()

    assert not app.exception
    meant = {"product": {"GTXPro": str(pro.id)}, "stage": {ENGAGING: "make"}}
    assert seen(admin, import_id).choices.meant == meant
    assert "answers are open" not in said(app)
    assert app.button(key="import_run").label == "Import 2 rows"


def test_a_list_of_people_is_refused_in_words(app: AppTest, admin: Actor) -> None:
    at(app, LIST)

    team = b"sales_agent,manager,regional_office\nAnn,Bo,West\n"
    app.get("file_uploader")[0].set_value(("team.csv", team, "text/csv"))
    app.run()

    assert not app.exception
    assert "A list of users or teams cannot be imported" in said(app)
    assert app.button(key="import_begin").disabled


def test_opportunities_say_what_becomes_of_those_without_a_customer(
    app: AppTest, admin: Actor
) -> None:
    import_id = begun(admin, DEALS, target="opportunities")
    at(app, WIZARD, id=import_id, step="map")

    box = next(
        b for b in app.selectbox if b.label == "Opportunities without a customer"
    )
    box.set_value("skip").run()

    assert not app.exception
    assert [
        b for b in app.selectbox if b.label == "Those of a customer that is not there"
    ]
    app.button(key="import_check").click().run()
    assert seen(admin, import_id).choices.without_customer == "skip"


def test_a_header_without_a_row_goes_no_further(app: AppTest, admin: Actor) -> None:
    import_id = begun(admin, "Name,E-mail,City\n")

    at(app, WIZARD, id=import_id, step="map")

    assert not app.exception
    assert "There is a header, but no row of data." in said(app)
    assert app.button(key="import_to_map").disabled
    assert app.button(key="import_step_map").disabled


def test_a_first_row_that_is_no_header_is_a_row(app: AppTest, admin: Actor) -> None:
    import_id = begun(admin, "Name,E-mail,City\n")
    at(app, WIZARD, id=import_id)

    app.toggle[0].set_value(False).run()

    assert not app.button(key="import_to_map").disabled


EMPTY = ["pages/customers/customers.py", "pages/sales/orders.py"]


def ways_in(app: AppTest, page: str) -> list[str]:
    """The links of a page that lead to an import, the menu left out."""
    at(app, page)
    assert not app.exception
    return [
        one.label for one in app.main.get("page_link") if one.label == "Import a file"
    ]


@pytest.mark.parametrize("page", EMPTY)
def test_an_empty_list_shows_the_way_to_an_import(app: AppTest, page: str) -> None:
    assert ways_in(app, page) == ["Import a file"]


@pytest.mark.parametrize("page", EMPTY)
def test_who_may_not_import_is_shown_no_way(viewer: Actor, page: str) -> None:
    assert ways_in(signed_in(viewer).run(), page) == []


@pytest.mark.slow
def test_the_sum_of_a_check_names_its_parts(app: AppTest, admin: Actor) -> None:
    text = "SKU,Name,Price\nA,Pen,1\nB,Ink,2\nC,Pad,x\n"

    checked(app, admin, begun(admin, text, target="products"))

    assert "3 rows = New 2 + Errors 1 · checked" in said(app)
