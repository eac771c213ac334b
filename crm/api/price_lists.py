"""/price-lists: with their prices, which are given as a whole."""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlmodel import Session

from crm import db
from crm.api.deps import ActorDep, OnceKey, etag, plain
from crm.api.edits import changing, removing
from crm.api.errors import ANSWERS
from crm.api.once import once
from crm.api.resources import listing
from crm.errors import Invalid
from crm.i18n import _
from crm.models import Action, ListPriceFields, PriceList, PriceListFields
from crm.services import records
from crm.services.idempotency import Answer
from crm.services.prices import list_prices, price_lists
from crm.services.prices.price_lists import MOST

router = APIRouter(prefix="/price-lists", tags=["price-lists"], responses=ANSWERS)
ENTITY = "price_list"
PRICE = ("product_id", "min_quantity", "price")


class PricedFields(PriceListFields):
    """A price list with its prices."""

    prices: list[ListPriceFields] = Field(default_factory=list, max_length=MOST)


listing(
    router,
    ENTITY,
    PriceListFields.model_fields,
    "Price lists by name, without their prices.",
)


@router.post("", status_code=201, response_model=None)
def create(actor: ActorDep, body: PricedFields, key: OnceKey = None) -> Response:
    """Make a price list with its prices."""
    db.require(actor, Action.CREATE, ENTITY)

    def work(session: Session) -> Answer:
        form = PriceListFields(**body.model_dump(exclude={"prices"}))
        row = price_lists.create(session, form)
        list_prices.put(session, row.id, body.prices)
        session.expire_all()  # answer what the database holds
        place = f"/api/v1/price-lists/{row.id}"
        return Answer(201, _shown(session, row), place, etag(row))

    said = {"post": "/price-lists"} | body.model_dump(mode="json")
    return once(actor, key, said, work)


@router.get("/{record_id}", response_model=None)
def one(actor: ActorDep, record_id: int) -> Response:
    """One price list with its prices."""
    with db.reading(actor) as session:
        row = db.get(session, PriceList, record_id)
        body = _shown(session, row)
    return JSONResponse(body, headers={"ETag": etag(row)})


def _change(
    session: Session, record_id: int, body: dict[str, Any], version: int
) -> Answer:
    changes = {name: value for name, value in body.items() if name != "prices"}
    row = price_lists.update(session, record_id, changes, version=version)
    if "prices" in body:
        list_prices.replace(session, record_id, _prices(body["prices"]))
    session.expire_all()
    return Answer(200, _shown(session, row), None, etag(row))


changing(
    router,
    ENTITY,
    _change,
    "Change a price list; `prices`, if given, are all that it has then.",
)
removing(router, ENTITY, price_lists.remove, "Put a price list into the recycle bin.")


def _prices(given: Any) -> list[ListPriceFields]:
    if not isinstance(given, list) or len(given) > MOST:
        words = _("“prices” is a list of at most {n} prices.")
        raise Invalid(words.format(n=f"{MOST:,}"), field="prices")
    return [records.valid(ListPriceFields, each) for each in given]


def _shown(session: Session, row: PriceList) -> dict[str, Any]:
    found = price_lists.prices(session, row.id)
    held = [plain(one.price) for one in found]
    return plain(row) | {
        "prices": [{name: each[name] for name in PRICE} for each in held]
    }
