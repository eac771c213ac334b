"""What the API tells of a product beside its fields."""

from crm.models import Actor, OrderKind, utcnow
from tests import make
from tests.api.conftest import Clients


def test_what_a_product_sells(client: Clients, admin: Actor) -> None:
    pen, buyer, now = make.product(), make.customer(name="Buyer"), utcnow()
    make.order(buyer, (pen, 4, "2.5"), ordered_at=now)
    make.order(buyer, (pen, -1, "2.5"), kind=OrderKind.RETURN, ordered_at=now)
    make.order(buyer, (pen, 1, "9"), currency="USD", ordered_at=now)

    told = client(admin).get(f"/v1/products/{pen.id}/sales").json()

    day = now.date().isoformat()
    figures = {"net_sales": "7.5", "units": "4", "without_rate": {"USD": "9"}}
    assert len(told["months"]) == 12
    assert told["months"][-1] == {"month": day[:7]} | figures
    assert told["customers"] == [
        {"id": buyer.id, "name": "Buyer", "last_bought_on": day} | figures
    ]
    names = ("orders", "buyers", "units_returned", "last_sold_on", "currency")
    assert [told[name] for name in names] == [2, 1, "1", day, "EUR"]
    assert figures.items() <= told.items()


def test_what_is_not_there_sells_nothing(client: Clients, admin: Actor) -> None:
    assert client(admin).get("/v1/products/1/sales").status_code == 404
