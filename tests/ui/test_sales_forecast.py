"""The pages of the sales forecast and of targets without a browser."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.analytics.deals.sales_book import Book
from crm.config import ROOT
from crm.errors import Invalid
from crm.frames import CONTACTED, STAGE_CHANGES, empty
from crm.jobs.sales_forecast import Read, made
from crm.models import Actor, Analysis, ForecastCategory, Period, utcnow
from crm.services import analyses
from crm.services.days import today
from crm.services.sales import targets
from crm.services.sales.opportunity_tables import Deals
from crm.services.sales.targets import Cell
from crm.services.sales.targets_about import EVERYONE
from crm.services.sales.targets_periods import first_day
from crm.ui import charts
from crm.ui.charts import Picked
from crm.ui.sales import targets_view
from crm.ui.sales.sales_forecast import calls, chart
from tests import make
from tests.analytics.sales import Deal, of
from tests.ui.conftest import signed_in

PAGE = "pages/sales/forecast.py"
QUARTER = Period.QUARTER


def deals(book: Book, *, no_rate: bool = False) -> Deals:
    """The frames that a book was made of."""
    changes = book.moves.rename(columns={"stage_id": "to_stage_id"})
    table = book.opportunities.reset_index().drop(columns="is_stated")
    return Deals(
        table.assign(no_rate=no_rate), book.stages,
        changes.assign(from_stage_id=None)[list(STAGE_CHANGES)],
        book.estimates, empty(CONTACTED),
    )  # fmt: skip


def stored(actor: Actor, *given: Deal, unpriced: dict[str, int] | None = None) -> None:
    """The result of these, as of the end of February 2026."""
    found = Read(
        deals(of(*given)), {"": None}, pd.Series(dtype="float64"), unpriced or {}
    )
    kept = made(found, date(2026, 2, 28), 2)
    result = Analysis(
        kind="sales_forecast",
        as_of=date(2026, 2, 28),
        data_at=utcnow(),
        summary=kept.summary,
    )
    with db.transaction(actor) as session:
        analyses.store(session, result, kept.tables)


MANY = [
    Deal(12.0 * n + 40, 12.0 * n + 5, won=n % 2 == 0, said=((12.0 * n + 40, 900.0, 9),))
    for n in range(36)
]


def opened(actor: Actor, page: str = PAGE, **address: str) -> AppTest:
    app = signed_in(actor)
    app.query_params.update(address)
    app.run()
    app.switch_page(str(ROOT / page)).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    kinds = ("markdown", "caption", "subheader", "error", "warning", "info")
    elements = [one for kind in kinds for one in app.get(kind)]
    return "\n".join(str(one.value) for one in elements).replace("\\", "")


def values(app: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in app.metric}


def deal(stage: str = "Prospecting", **details: Any) -> Any:
    usual = {"rate": Decimal(1), "close_on": today()}
    return make.opportunity(make.customer(), stage, **usual | details)


def won(**details: Any) -> Any:
    return deal("Won", closed_at=utcnow(), **details)


def test_the_empty_page_has_noughts_and_says_what_to_do_next(admin: Actor) -> None:
    app = opened(admin)

    assert values(app)["Won"] == "€0"
    assert values(app)["Target"] == "–"
    assert "Nothing has been computed yet." in said(app)


@pytest.mark.slow
def test_figures_stand_beside_the_target_and_open_their_records(admin: Actor) -> None:
    won(amount=Decimal(300))
    deal(amount=Decimal(70), forecast_category=ForecastCategory.COMMIT)
    start = first_day(QUARTER, today())
    with db.transaction(admin) as session:
        targets.write(session, [Cell(EVERYONE, QUARTER, start, None, Decimal(1000))])

    app = opened(admin)

    found = values(app)
    assert (found["Won"], found["Commit"], found["Target"]) == ("€300", "€70", "€1,000")
    assert app.metric[0].delta == "30% of the target"
    app.button(key="sales_commit").click().run()
    assert app.title[0].value == "Opportunities"
    assert len(app.dataframe[0].value) == 1


@pytest.mark.slow
def test_a_sum_without_rates_is_refused_until_the_rest_is_wanted(admin: Actor) -> None:
    deal(amount=Decimal(70))
    deal(currency="USD", rate=None)
    deal(currency="USD", rate=None)

    app = opened(admin)
    before = values(app)
    app.toggle(key="sales_rest").set_value(True).run()

    words = "A sum cannot be made: 2 opportunities in USD have no rate."
    assert words in said(app)
    assert before["Pipeline"] == "–"
    assert values(app)["Pipeline"] == "€70"
    app.button(key="sales_unpriced_0").click().run()
    assert len(app.dataframe[0].value) == 2


@pytest.mark.slow
def test_the_simulation_shows_bars_and_how_it_was_made(admin: Actor) -> None:
    stored(admin, *MANY, Deal(30, said=((30, 500.0, 20),)))

    app = opened(admin)

    (table,) = [one.value for one in app.dataframe if "p50" in one.value]
    assert table["period"].tolist()[:2] == ["March 2026", "April 2026"]
    assert (table["p10"] <= table["p90"]).all()
    assert "36 opportunities that were closed, 18 of them won, and 1" in said(app)
    assert "Drawn from" in said(app)


@pytest.mark.slow
def test_a_bar_opens_what_is_behind_it(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(admin, *MANY)
    deal("Won", closed_at=datetime.combine(date(2026, 3, 5), time(), UTC))
    monkeypatch.setattr(charts, "pick", lambda *_a, **_k: Picked(ids=["2026-03-01"]))

    app = opened(admin)
    app.button(key="sales_behind_0").click().run()

    assert len(app.dataframe[0].value) == 1
    assert not app.exception


@pytest.mark.slow
def test_a_simulation_without_rates_is_refused(admin: Actor) -> None:
    stored(admin, *MANY, unpriced={"USD": 1})

    for view in ("ahead", "past"):
        app = opened(admin, sales_view=view)
        words = "A sum cannot be made: 1 opportunity in USD has no rate."
        assert said(app).count(words) == 2  # above the figures and in their place
        assert not [one for one in app.dataframe if "p50" in one.value]


@pytest.mark.slow
def test_a_thin_history_is_told_with_a_weighted_sum(admin: Actor) -> None:
    stored(admin, Deal(30, said=((30, 500.0, 20),)))

    app = opened(admin)

    assert "at least 30 opportunities" in said(app)
    assert app.dataframe[0].value["amount"].tolist() == [50]


@pytest.mark.slow
def test_the_test_on_the_past_tells_coverage_and_errors(admin: Actor) -> None:
    stored(admin, *MANY)

    app = opened(admin, sales_view="past")

    assert "The interval of 80 % has held what came" in said(app)
    assert "of the last 12 months could not be tried" in said(app)
    tried, judged = (one.value for one in app.dataframe)
    assert len(tried) == int(judged["held"].iloc[0].split(" / ")[1])


@pytest.mark.slow
def test_a_manager_overrides_and_all_see_who_said_what(
    admin: Actor, viewer: Actor
) -> None:
    app = opened(admin, sales_view="calls")
    app.text_input(key=calls.AMOUNT).set_value("1,250.50")
    app.text_input(key=calls.NOTE).set_value("![x](http://127.0.0.1)")
    app.button(key="sales_said_save").click().run()

    assert not app.exception
    other = opened(viewer, sales_view="calls")
    assert values(other)["Commit"] == "€1,250"
    (table,) = [one.value for one in other.dataframe if "note" in one.value]
    assert table[["who", "before", "after"]].values.tolist() == [
        ["Ada", "the sum", "€1,250.50"]
    ]
    assert calls.AMOUNT not in [one.key for one in other.text_input]


@pytest.mark.slow
def test_what_is_no_number_is_said_and_stays_in_the_form(admin: Actor) -> None:
    app = opened(admin, sales_view="calls")
    app.text_input(key=calls.AMOUNT).set_value("a lot")
    app.button(key="sales_said_save").click().run()

    assert "This is not a number." in said(app)
    assert app.text_input(key=calls.AMOUNT).value == "a lot"


@pytest.mark.slow
def test_an_odd_address_is_no_error(admin: Actor) -> None:
    app = opened(
        admin, sales_about="owner 9999", sales_by="century", sales_quarter="x",
        sales_view="?", sales_rest="maybe",
    )  # fmt: skip

    assert values(app)["Won"] == "€0"


def test_a_chart_holds_what_a_click_needs() -> None:
    day = pd.Timestamp("2026-03-01")
    rows = pd.DataFrame(
        {"period": [day], "won": [5.0], "p10": [6.0], "p50": [8.0], "p90": [9.0],
         "target": [None]}
    )  # fmt: skip

    won_bar, box, mark = chart.ahead(rows, "month").data

    assert (list(won_bar.customdata), list(won_bar.x)) == (["2026-03-01"], ["Mar 2026"])
    assert (list(box.base), list(box.y)) == ([6], [3])
    assert box.customdata[0][0] == "2026-03-01"
    assert list(mark.y) == [8]


@pytest.mark.slow
def test_the_page_of_targets_tells_how_far_they_have_come(admin: Actor) -> None:
    start = first_day(QUARTER, today())
    with db.transaction(admin) as session:
        targets.write(session, [Cell(EVERYONE, QUARTER, start, None, Decimal(600))])
    won(amount=Decimal(300))

    app = opened(admin, "pages/sales/targets.py")
    other = opened(admin, "pages/sales/targets.py", targets_by="year")

    table, grid = (one.value for one in app.dataframe)
    assert table[["who", "target", "won", "reached"]].values.tolist() == [
        ["Everyone", "€600", "€300", "50%"]
    ]
    assert grid.set_index("who").loc["Everyone", start.isoformat()] == 600
    assert "No target is set for this period yet." in said(other)


def test_cells_that_were_written_into_become_targets() -> None:
    first, second = date(2026, 1, 1), date(2026, 4, 1)
    grid = targets_view.Grid(
        QUARTER, {EVERYONE: "Everyone"}, [first, second],
        {(EVERYONE, first): Decimal("5.0001")},
    )  # fmt: skip

    def cells(**edited: Any) -> list[tuple[Any, ...]]:
        found = targets_view._cells(grid, {0: edited})
        return [(one.starts_on, one.before, one.after) for one in found]

    days = {"2026-01-01": None, "2026-04-01": 0.1 + 0.2}
    assert cells(**days) == [
        (first, Decimal("5.0001"), None), (second, None, Decimal("0.3")),
    ]  # fmt: skip
    assert cells(**{"2026-04-01": None}) == []  # there was none before
    with pytest.raises(Invalid):
        cells(**{"2026-04-01": "x"})


def test_who_sells_reads_targets_and_has_no_button(admin: Actor, alice: Actor) -> None:
    app = opened(alice, "pages/sales/targets.py")

    assert [one.label for one in app.button if one.key == "targets_save"] == []


def test_an_override_that_is_typed_is_read_exactly() -> None:
    assert calls.read(" 1,250.50 ") == Decimal("1250.50")
    assert calls.read(" ") is None
