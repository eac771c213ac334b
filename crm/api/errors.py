"""The one table from errors to status codes."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from crm import errors
from crm.i18n import _
from crm.services.filters import shown
from crm.services.records import in_words

STATUS: list[tuple[type[errors.CRMError], int]] = [
    (errors.NotFound, 404),
    (errors.Invalid, 422),
    (errors.RuleBroken, 409),
    (errors.Stale, 412),
    (errors.Forbidden, 403),
    (errors.NotSignedIn, 401),
    (errors.TooMany, 429),
    (errors.Unavailable, 503),
    (errors.CRMError, 422),
]
ANSWERS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": text,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "detail": {"type": "string"},
                        "field": {"type": ["string", "null"]},
                    },
                    "required": ["detail"],
                }
            }
        },
    }
    for status, text in {
        400: "The body cannot be read",
        401: "Nobody is signed in",
        403: "No right to do this",
        404: "There is none, or none in reach",
        409: "The state of the record forbids it",
        412: "The record has changed",
        413: "The request is too large",
        422: "The request does not fit",
        428: "If-Match is missing",
        429: "Too many requests; Retry-After says in how many seconds to go on",
        503: "The database does not answer",
    }.items()
}


class MatchMissing(errors.CRMError):
    """A change that does not say which version it is about."""


def install(api: FastAPI) -> None:
    """Let `api` answer expected failures in words, and others without details."""

    @api.exception_handler(errors.CRMError)
    def expected(_request: Request, error: errors.CRMError) -> JSONResponse:
        table = [(MatchMissing, 428), *STATUS]
        status = next(code for kind, code in table if isinstance(error, kind))
        headers = {}
        if isinstance(error, errors.TooMany):
            headers["Retry-After"] = str(error.retry_after)
        return JSONResponse(
            {"detail": str(error), "field": getattr(error, "field", None)},
            status,
            headers,
        )

    @api.exception_handler(RequestValidationError)
    def unfit(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        _part, *place = first["loc"]
        name = shown(".".join(map(str, place)))
        words = in_words(first, name)
        if first["type"] == "json_invalid":
            words, name = _("The body is not JSON."), ""
        return JSONResponse({"detail": words, "field": name or None}, 422)

    @api.exception_handler(Exception)
    def unexpected(_request: Request, _error: Exception) -> JSONResponse:
        text = _("Something went wrong here. It is in the log; nothing was saved.")
        return JSONResponse({"detail": text}, 500)
