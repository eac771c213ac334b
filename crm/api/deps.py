"""What every endpoint may ask for: who asks, which version, which key."""

from typing import Annotated, Any

from fastapi import Depends, Header, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from crm.db.plain import plain as json_value
from crm.errors import Invalid, NotSignedIn
from crm.i18n import _, best, use
from crm.models import Actor, Record

BEARER = HTTPBearer(auto_error=False, scheme_name="token", bearerFormat="crm_…")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)]


async def actor(request: Request, _documented: Bearer = None) -> Actor:
    """The verified actor, whose language is spoken from here on.

    The token was checked before: it is named here for the OpenAPI. Async, as what a
    thread says of its language is forgotten with the thread.
    """
    found: Actor | None = request.scope.get("crm_actor")
    asked = request.headers.get("accept-language")
    use(best(asked) if asked or found is None else found.language)
    if found is None:
        raise NotSignedIn(_("Sign in, or send a token."))
    return found


ETAG = r'^(W/)?"[1-9][0-9]{0,17}"$'
ActorDep = Annotated[Actor, Depends(actor)]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The ETag of the version that you have read; 428 without it.",
        json_schema_extra={"pattern": ETAG},
    ),
]
OnceKey = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


def etag(row: Record) -> str:
    """The version of a record as an ETag."""
    return f'"{row.version}"'


def version_of(tag: str | None) -> int:
    """The version that an If-Match header names.

    Raises:
        MatchMissing: there is no such header.
        Invalid: it is no ETag of ours.
    """
    from crm.api.errors import MatchMissing

    if tag is None:
        raise MatchMissing(_("Say by If-Match which version you have read."))
    number = tag.strip().removeprefix("W/").strip('"')
    if not number.isdigit() or len(number) > 18:
        raise Invalid(_("This is not an ETag of ours."), field="If-Match")
    return int(number)


def plain(row: Any, custom: dict[str, Any] | None = None) -> dict[str, Any]:
    """A record as JSON: amounts as text, without columns that only serve us."""
    hidden = {"search_key", "email_key", "external_key", "sku_key", "number_key",
              "deleted_at", "import_id", "reminded_for"}  # fmt: skip
    held = {name: json_value(v) for name, v in row.model_dump(exclude=hidden).items()}
    if custom is None:
        return held
    return held | {"custom": {name: json_value(v) for name, v in custom.items()}}
