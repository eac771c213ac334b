"""Pages of insight tell where orders end long before the day they are asked for."""

from datetime import UTC, date, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from crm.models import utcnow
from crm.ui.insight import last_order
from tests import make
from tests.ui.reading import opened, said

LAST = date(2011, 12, 9)
TOLD = "The last order is of"


def sold(at: datetime) -> None:
    make.order(make.customer(), (make.product(), 1, "9"), ordered_at=at)


@pytest.mark.parametrize("kind", sorted(last_order.OF_ORDERS - {"migration"}))
def test_old_orders_are_told_with_a_way_back_to_their_day(
    app: AppTest, kind: str
) -> None:
    sold(datetime(2011, 12, 9, 12, tzinfo=UTC))
    opened(app, f"pages/insight/{kind}.py")
    assert f"{TOLD} Dec 9, 2011." in said(app)

    app.button(f"{kind}_last_order").click().run()

    assert app.date_input(f"{kind}_as_of").value == LAST
    assert app.query_params[f"{kind}_as_of"] == LAST.isoformat()
    assert TOLD not in said(app)


def test_orders_of_the_last_ninety_days_are_not_told(app: AppTest) -> None:
    sold(utcnow() - timedelta(days=89))

    assert TOLD not in said(opened(app, "pages/insight/cohorts.py"))


def test_nothing_is_told_without_orders(app: AppTest) -> None:
    assert TOLD not in said(opened(app, "pages/insight/cohorts.py"))


def test_subscriptions_have_nothing_to_do_with_it(app: AppTest) -> None:
    sold(datetime(2011, 12, 9, 12, tzinfo=UTC))

    assert TOLD not in said(opened(app, "pages/insight/recurring_revenue.py"))
