"""The endpoints that change or delete one record, the same for every kind."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Response
from sqlmodel import Session

from crm import db
from crm.api.deps import ActorDep, IfMatch, OnceKey, version_of
from crm.api.once import once
from crm.models import Action
from crm.services.idempotency import Answer

Change = Callable[[Session, int, dict[str, Any], int], Answer]
"""Changes the record of that id, which had that version, and answers with it."""


def changing(
    made: APIRouter, entity: str, work: Change, told: str | None = None
) -> None:
    """The endpoint that changes a record of `entity`.

    `told` is what its documentation says.
    """

    @made.patch("/{record_id}", response_model=None, description=told)
    def change(
        actor: ActorDep,
        record_id: int,
        body: dict[str, Any],
        match: IfMatch = None,
        key: OnceKey = None,
    ) -> Response:
        db.require(actor, Action.UPDATE, entity)
        version = version_of(match)
        place = f"{made.prefix}/{record_id}"
        said = {"patch": place, "version": version, "body": body}
        return once(
            actor, key, said, lambda session: work(session, record_id, body, version)
        )


def removing(
    made: APIRouter, entity: str, work: Callable[..., Any], told: str | None = None
) -> None:
    """The endpoint that deletes a record of `entity`, by the service `work`.

    `told` is what its documentation says.
    """

    @made.delete("/{record_id}", status_code=204, response_model=None, description=told)
    def remove(
        actor: ActorDep, record_id: int, match: IfMatch = None, key: OnceKey = None
    ) -> Response:
        db.require(actor, Action.DELETE, entity)
        version = version_of(match)

        def answered(session: Session) -> Answer:
            work(session, record_id, version=version)
            return Answer(204, None)

        said = {"delete": f"{made.prefix}/{record_id}", "version": version}
        return once(actor, key, said, answered)
