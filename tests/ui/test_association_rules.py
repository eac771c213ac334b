"""The page of association rules: sliders, pictures, one rule and its customers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.analytics.rules.association_rules import mine
from crm.config import ROOT
from crm.jobs.association_rules import rules
from crm.models import Actor, Analysis, Job, Product, Segment, SegmentMember, utcnow
from crm.services import analyses
from crm.ui.insight.rules import network, scatter, sliders
from crm.ui.insight.rules.figures import shortened
from crm.ui.insight.rules.result import Bounds, Found, narrow
from tests import make
from tests.analytics.baskets import baskets
from tests.jobs.test_association_rules import named
from tests.ui.conftest import signed_in

DAY = date(2026, 3, 31)
ASKED = {"min_support": 0.01, "min_confidence": 0, "max_items": 3, "check": "none"}
A, B, C, D = 1, 2, 3, 4
ORDERS = [*[[A, B]] * 40, *[[A]] * 10, *[[C, D]] * 5, *[[C]] * 20, *[[D]] * 25]
# A 50, B 40, C 25, D 30 of 100; together A and B 40, C and D 5
# support 0.4 (A, B) and 0.05 (C, D); confidence A → B 0.8, B → A 1, C → D 0.2,
# D → C 1/6; lift 0.8 / 0.4 = 2 and 0.2 / 0.3 = 2/3


@pytest.fixture
def products(database: str) -> list[Product]:
    """A, B, C and D, with names."""
    names = ("Printer", "Toner", "Coffee", "Descaler")
    return [make.product(id=n, name=name) for n, name in enumerate(names, 1)]


def kept(
    actor: Actor, orders: Any = ORDERS, days: Sequence[str] = (), **asked: Any
) -> int:
    """The id of the rules of these baskets, stored for `actor`."""
    given = ASKED | asked
    table = named(A, B, C, D)
    table["name"] = ["Printer", "Toner", "Coffee", "Descaler"]
    table["sku"] = ["LP-1", "TN-1", "CO-1", "DE-1"]
    found = rules(baskets(*orders, days=days), table, given)
    with db.transaction(actor) as session:
        shown = Analysis(
            kind="association_rules",
            as_of=DAY,
            data_at=utcnow(),
            parameters=given,
            summary=found.summary,
        )
        return analyses.store(session, shown, found.tables)


def at(app: AppTest, **session: Any) -> AppTest:
    for name, value in session.items():
        app.session_state[name] = value
    return app.switch_page(str(ROOT / "pages/insight/association_rules.py")).run()


def told(app: AppTest) -> str:
    """All that the page says in running text, as it is read."""
    texts = [*app.markdown, *app.caption, *app.info, *app.error, *app.subheader]
    return "\n".join(one.value.replace("\\", "") for one in texts)


def listed(app: AppTest) -> list[tuple[str, str]]:
    """Both sides of the rules in the table, in its order."""
    table = next(one.value for one in app.dataframe if "antecedents" in one.value)
    return list(zip(table["antecedents"], table["consequents"], strict=True))


def test_an_empty_database_says_what_to_do(app: AppTest) -> None:
    at(app)

    assert not app.exception
    assert "press “Compute”" in told(app)


def test_compute_asks_for_what_was_chosen(app: AppTest, admin: Actor) -> None:
    at(app)
    app.selectbox(key="rules_period").set_value("since").run()
    app.date_input(key="rules_since").set_value(date(2026, 1, 2))
    app.select_slider(key="rules_min_support").set_value(0.01)
    app.radio(key="rules_check").set_value("random")
    app.segmented_control(key="rules_unit").set_value("customer")
    app.segmented_control(key="rules_level").set_value("category").run()

    app.button(key="association_rules_compute").click().run()

    with db.reading(admin) as session:
        job = session.scalars(select(Job)).one()
    assert job.arguments["parameters"] == {
        "period": "since",
        "since": "2026-01-02",
        "min_support": 0.01,
        "max_items": 3,
        "min_confidence": 0.1,
        "check": "random",
        "unit": "customer",
        "level": "category",
        "all_sizes": False,
    }


@pytest.mark.slow
def test_what_stands_beyond_chance_comes_first(app: AppTest, admin: Actor) -> None:
    kept(admin)

    at(app)

    # A, B, C, D can each lead to three others, both pairs to two more
    assert "2 rules stand beyond chance of 16 possible" in told(app)
    assert "2 of 4 stored rules are within the bounds" in told(app)
    assert set(listed(app)) == {("Printer", "Toner"), ("Toner", "Printer")}


@pytest.mark.slow
def test_sliders_narrow_at_once(app: AppTest, admin: Actor) -> None:
    kept(admin)
    at(app)

    app.select_slider(key="rules_q").set_value(1).run()
    assert len(listed(app)) == 4

    app.select_slider(key="rules_confidence").set_value(0.2).run()
    assert len(listed(app)) == 3  # D → C has 1/6

    app.select_slider(key="rules_support").set_value(0.1).run()
    assert len(listed(app)) == 2

    app.select_slider(key="rules_confidence").set_value(0.85).run()
    assert listed(app) == [("Toner", "Printer")]


def test_what_the_check_left_is_told(app: AppTest, admin: Actor) -> None:
    kept(admin, check="random")

    at(app)

    assert "On the baskets held out 2 of them can be measured" in told(app)
    assert "100% kept a lift above 1" in told(app)


def test_rules_that_held_are_told_so_at_the_top(app: AppTest, admin: Actor) -> None:
    kept(admin, check="random")

    at(app)

    assert "They held on other baskets. " in told(app)
    assert not app.warning


def test_rules_that_failed_the_check_are_told_first(app: AppTest, admin: Actor) -> None:
    season = [*[[A, B]] * 30, *[[C]] * 40]
    later = [*[[A]] * 10, *[[B]] * 10, *[[C]] * 10]
    days = ["2026-01-01"] * len(season) + ["2026-02-01"] * len(later)

    kept(admin, [*season, *later], days, check="later")
    at(app)

    assert app.subheader[0].value == "These rules did not hold on later baskets"
    warned = app.warning[0].value.replace("\\", "")
    assert warned.startswith("2 rules stand beyond chance of ")
    assert "2; 0% of these still point the same way" in warned
    assert "in 0% of the baskets; where the rules were found it was 100%" in warned


def test_bounds_that_leave_nothing_say_so(app: AppTest, admin: Actor) -> None:
    kept(admin)

    at(app, rules_text="no such product")

    assert "No rule is within these bounds" in told(app)


@pytest.mark.parametrize(
    ("text", "side", "count"),
    [
        ("print", "either", 2),
        ("print", "left", 1),
        ("lp-1", "right", 1),
        ("desca", "either", 2),
    ],
)
def test_a_product_is_searched_on_either_side(
    app: AppTest, admin: Actor, text: str, side: str, count: int
) -> None:
    kept(admin)

    at(app, rules_q=1, rules_text=text, rules_side=side)

    assert len(listed(app)) == count


def test_where_nothing_stands_the_page_says_why(app: AppTest, admin: Actor) -> None:
    kept(admin, [[A, B], [A], [C, D], [B]])

    at(app)

    assert "No rule stands beyond chance" in told(app)
    assert "these come about by chance" in told(app)


def test_products_that_never_meet_are_told(app: AppTest, admin: Actor) -> None:
    kept(admin, [[A], [B], [C]] * 5)

    at(app)

    assert not app.exception
    assert "No two products lie together in 1 baskets or more" in told(app)


@pytest.mark.slow
def test_a_rule_is_told_in_plain_words(
    app: AppTest, admin: Actor, products: list[Product]
) -> None:
    kept(admin)
    at(app)

    pick(app, "Printer → Toner")

    assert (
        "Of 100 baskets with Printer, 80 have Toner too; of all baskets it is 40 of "
        "100. That is 2 times as often. It was seen in 40 baskets (40% of all)."
    ) in told(app)


def choice(app: AppTest) -> Any:
    return next(one for one in app.selectbox if one.label == "Rule")


def pick(app: AppTest, rule: str) -> None:
    field = choice(app)
    position = next(n for n, one in enumerate(field.options) if one.startswith(rule))
    field.select_index(position).run()
    assert not app.exception


@pytest.mark.slow
def test_how_a_rule_did_in_the_check_is_told(app: AppTest, admin: Actor) -> None:
    kept(admin, check="random")
    at(app)

    pick(app, "Printer → Toner")

    assert "Checked: of" in told(app)
    assert "It holds there." in told(app)


@pytest.mark.parametrize("view", ["Table", "Scatter", "Network", "Heat map"])
@pytest.mark.slow
def test_every_picture_is_drawn(app: AppTest, admin: Actor, view: str) -> None:
    kept(admin, check="random")

    at(app, rules_view=view, rules_q=1)

    assert not app.exception


def bought(owner: Actor | None, name: str, *products: Product) -> int:
    """A customer with one order for each product; the id."""
    customer = make.customer(owner, name=name)
    for product in products:
        make.order(customer, (product, 1, "10"))
    return customer.id


def names(app: AppTest) -> list[str]:
    table = next(one.value for one in app.dataframe if "name" in one.value)
    return table["name"].tolist()


@pytest.mark.slow
def test_customers_who_have_a_not_b_are_listed(
    app: AppTest, admin: Actor, products: list[Product]
) -> None:
    a, b, c, _d = products
    bought(None, "Only *A*", a)
    bought(None, "A and C", a, c)
    bought(None, "Both", a, b)
    bought(None, "Only B", b)
    kept(admin)
    at(app)

    pick(app, "Printer → Toner")

    assert "2 customers have bought Printer, but not Toner" in told(app)
    assert names(app) == ["A and C", "Only *A*"]


@pytest.mark.slow
def test_only_customers_in_reach_are_listed(
    alice: Actor, charlie: Actor, products: list[Product]
) -> None:
    bought(alice, "Of Alice", products[0])
    bought(charlie, "Of Charlie", products[0])
    kept(alice)
    app = at(signed_in(alice).run())

    pick(app, "Printer → Toner")

    assert names(app) == ["Of Alice"]


@pytest.mark.slow
def test_the_customers_can_be_saved_as_a_segment_and_that_be_undone(
    app: AppTest, admin: Actor, products: list[Product]
) -> None:
    wanted = bought(None, "Only A", products[0])
    bought(None, "Both", *products[:2])
    analysis_id = kept(admin)
    at(app)
    pick(app, "Printer → Toner")

    app.button(key="rules_segment_save").click().run()

    with db.reading(admin) as session:
        segment = session.scalars(select(Segment)).one()
        members = session.scalars(select(SegmentMember.customer_id)).all()
    assert (segment.name, segment.analysis_id) == (
        "Printer, but not Toner",
        analysis_id,
    )
    assert members == [wanted]
    assert app.button(key="rules_segment_show")

    app.button(key="undo_button").click().run()

    assert "rules_segment_show" not in [button.key for button in app.button]


def test_the_name_that_is_typed_last_is_that_of_the_segment(
    app: AppTest, admin: Actor, products: list[Product]
) -> None:
    bought(None, "Only A", products[0])
    kept(admin)
    at(app)
    pick(app, "Printer → Toner")
    (name,) = [
        one for one in app.text_input if str(one.key).startswith("rules_segment_")
    ]

    name.input("Printers without toner")
    app.button(key="rules_segment_save").click().run()

    with db.reading(admin) as session:
        assert session.scalars(select(Segment.name)).all() == ["Printers without toner"]


@pytest.mark.slow
def test_who_may_only_look_cannot_save(
    viewer: Actor, admin: Actor, products: list[Product]
) -> None:
    bought(None, "Only A", products[0])
    kept(admin)
    app = at(signed_in(viewer).run())

    pick(app, "Printer → Toner")

    keys = {str(button.key) for button in app.button}
    assert not keys & {"rules_segment_save", "association_rules_compute"}


@pytest.mark.slow
def test_a_rule_of_another_result_is_not_shown(app: AppTest, admin: Actor) -> None:
    kept(admin)
    at(app)
    pick(app, "Printer → Toner")
    newer = kept(admin, [[A, B]] * 3 + [[A]])

    at(app, association_rules_shown=newer)

    assert not app.exception
    assert choice(app).value is None


def many(count: int) -> Found:
    """`count` rules among 200 products."""
    few = mine(baskets(*ORDERS), min_support=0.01, min_confidence=0).table
    table = few.iloc[np.arange(count) % len(few)].reset_index(drop=True)
    rng = np.random.default_rng(1)
    ids = rng.integers(1, 201, (count, 3))
    table["antecedents"] = [(int(a), int(b)) for a, b, _c in ids]
    table["consequents"] = [(int(c),) for _a, _b, c in ids]
    table["lift"] = rng.uniform(0.5, 20, count)
    table = table.assign(q_shorter=table["q_value"], lift_low=1.0, confidence_low=0.1)
    table = table.assign(later_lift=1.0, later_confidence=0.1)
    goods = named(*range(1, 201)).assign(support=0.1)
    return Found((1, utcnow()), table, goods, is_checked=True)


@pytest.mark.slow
def test_fifty_thousand_rules_are_narrowed_and_drawn_as_a_sample() -> None:
    chosen = narrow(many(50_000), Bounds(lift=2, text="Product 7", rank="lift_low"))

    assert len(chosen) > 1000
    assert chosen.rules["lift"].min() >= 2
    assert len(scatter.sampled(chosen.rules)) == 2000


def test_a_cloud_of_many_points_shows_the_best_and_some_by_lot() -> None:
    rules = pd.DataFrame({"lift": np.arange(5000)})

    drawn = scatter.sampled(rules)

    assert len(drawn) == 2000
    assert drawn.index[:1000].tolist() == list(range(1000))
    assert drawn.index.is_monotonic_increasing
    assert drawn.index[1000:].max() > 4000


def test_a_long_name_is_shortened_in_the_network() -> None:
    assert shortened("Espresso machine Vapore Due, black", network.LONGEST) == (
        "Espresso machine Vapore D…"
    )


def test_the_slider_of_support_has_steps_within_the_rules() -> None:
    assert sliders.supports(0.004, 0.02) == pytest.approx(
        [0, 0.005, 0.007, 0.01, 0.015, 0.02]
    )


def test_the_slider_of_confidence_ends_at_the_highest() -> None:
    assert sliders.confidences(0.1, 0.32) == pytest.approx([0, 0.15, 0.2, 0.25, 0.3])


@pytest.mark.slow
def test_bounds_stand_in_the_address_as_no_language_changes_them(
    app: AppTest, admin: Actor
) -> None:
    kept(admin)
    at(app)

    app.select_slider(key="rules_q").set_value(1)
    app.segmented_control(key="rules_side").set_value("left")
    app.select_slider(key="rules_confidence").set_value(0.2).run()

    bounds = {"rules_q": "1", "rules_confidence": "0.2", "rules_side": "left"}
    assert {name: app.query_params[name] for name in bounds} == bounds


@pytest.mark.slow
def test_an_address_brings_the_bounds_back(app: AppTest, admin: Actor) -> None:
    kept(admin)
    given = {"rules_q": "1", "rules_confidence": "0.83", "rules_lift": "odd",
             "rules_rank": "support", "rules_side": "nowhere"}  # fmt: skip
    for name, value in given.items():
        app.query_params[name] = value

    at(app)

    assert app.select_slider(key="rules_q").value == 1
    assert app.select_slider(key="rules_confidence").value == 0.8  # the next below
    assert app.select_slider(key="rules_lift").value == 0
    assert app.selectbox(key="rules_rank").value == "support"
    assert app.segmented_control(key="rules_side").value == "either"
