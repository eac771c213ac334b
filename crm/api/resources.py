"""One set of endpoints for each kind of record: list, create, read, change, delete."""

import base64
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, create_model
from sqlmodel import Session

from crm import db
from crm.api.deps import ActorDep, OnceKey, etag, plain
from crm.api.edits import changing, removing
from crm.api.errors import ANSWERS
from crm.api.once import once
from crm.db.plain import plain as json_value
from crm.errors import Invalid
from crm.i18n import _
from crm.models import Action, Actor, Fields, Record
from crm.services import days, lists
from crm.services.admin import custom_fields
from crm.services.fields import fields_of
from crm.services.idempotency import Answer


@dataclass(frozen=True)
class Resource:
    """A kind of record as the API has it: its services, its form, its address."""

    entity: str
    path: str
    table: type[Record]
    form: type[Fields]
    create: Callable[..., Record]
    update: Callable[..., Record]
    remove: Callable[..., Record]


def with_custom(form: type[Fields]) -> type[Fields]:
    """The form with a place for custom fields: values by their names (x_…)."""
    custom: Any = (dict[str, Any], Field(default_factory=dict))
    made: type[Fields] = create_model(form.__name__, __base__=form, custom=custom)
    return made


class Listed(BaseModel):
    """A page of records; `next` is the cursor of the one after it."""

    items: list[dict[str, Any]]
    total: int
    capped: bool
    next: str | None


def router(resource: Resource) -> APIRouter:
    """The endpoints for `resource`."""
    made = APIRouter(
        prefix=resource.path, tags=[resource.path.strip("/")], responses=ANSWERS
    )
    _reading(made, resource)
    _creating(made, resource, with_custom(resource.form))
    _changing(made, resource)
    return made


def listing(
    made: APIRouter, entity: str, shown: Collection[str], told: str | None = None
) -> None:
    """The endpoint for the list of records of `entity`, with the fields `shown`.

    `told` is what its documentation says.
    """

    @made.get("", response_model=Listed, description=told)
    def listed(
        actor: ActorDep,
        q: str = Query("", max_length=200),
        filter: str = Query("", max_length=10_000),  # the parameter's public name
        sort: str = Query("", max_length=60),
        limit: int = Query(50, ge=1, le=200),
        cursor: str = Query("", max_length=100),
    ) -> Listed:
        return _page(entity, shown, actor, q, filter, sort, limit, cursor)


def _reading(made: APIRouter, resource: Resource) -> None:
    listing(made, resource.entity, resource.form.model_fields)

    @made.get("/{record_id}", response_model=None)
    def one(actor: ActorDep, record_id: int) -> Response:
        with db.reading(actor) as session:
            row = db.get(session, resource.table, record_id)
            body = _shown(session, resource, row)
        return JSONResponse(body, headers={"ETag": etag(row)})


def _creating(made: APIRouter, resource: Resource, form: type[Fields]) -> None:
    @made.post("", status_code=201, response_model=None)
    def create(
        actor: ActorDep,
        body: form,  # type: ignore[valid-type]  # a class chosen at run time
        key: OnceKey = None,
    ) -> Response:
        db.require(actor, Action.CREATE, resource.entity)
        filled: Fields = body
        data = filled.model_dump(mode="json")

        def work(session: Session) -> Answer:
            custom = filled.model_dump()["custom"]
            plain_form = resource.form(**filled.model_dump(exclude={"custom"}))
            row = resource.create(session, plain_form, custom=custom)
            session.refresh(row)  # answer what the database holds
            place = f"/api/v1{resource.path}/{row.id}"
            return Answer(201, _shown(session, resource, row), place, etag(row))

        return once(actor, key, {"post": resource.path} | data, work)


def _changing(made: APIRouter, resource: Resource) -> None:
    def change(
        session: Session, record_id: int, body: dict[str, Any], version: int
    ) -> Answer:
        changes = dict(body)
        custom = changes.pop("custom", None) or {}
        if not isinstance(custom, dict):
            raise Invalid(_("“custom” is an object."), field="custom")
        row = resource.update(
            session, record_id, changes, version=version, custom=custom
        )
        return Answer(200, _shown(session, resource, row), None, etag(row))

    changing(made, resource.entity, change)
    removing(made, resource.entity, resource.remove)


def _page(  # noqa: PLR0913, PLR0917  (one for each parameter of the address)
    entity: str,
    shown: Collection[str],
    actor: Actor,
    q: str,
    rule: str,
    sort: str,
    limit: int,
    cursor: str,
) -> Listed:
    """A page of a list, as the parameters ask for it."""
    try:
        parsed = json.loads(rule) if rule else None
        number = int(base64.urlsafe_b64decode(cursor)) if cursor else 1
    except (ValueError, RecursionError) as error:
        raise Invalid(_("The filter or the cursor cannot be read.")) from error
    with db.reading(actor) as session:
        known = fields_of(session, entity)
        columns = tuple(name for name in known if name in shown)
        query = lists.Query(entity, q, parsed, sort, columns)
        found = lists.page(
            session, query, today=days.today(), number=number, size=limit
        )
    more = number * limit < found.total
    after = base64.urlsafe_b64encode(str(number + 1).encode()).decode()
    return Listed(
        items=[{k: json_value(v) for k, v in row.items()} for row in found.rows],
        total=found.total,
        capped=found.is_capped,
        next=after if more and number < lists.MAX_SKIP // limit else None,
    )


def _shown(session: Session, resource: Resource, row: Record) -> dict[str, Any]:
    return plain(row, custom_fields.values(session, resource.entity, row.id))
