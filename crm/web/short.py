"""A path that a page and the API share: who speaks JSON gets the API."""

from typing import Any

from starlette.datastructures import Headers
from starlette.routing import Match, Route


class ShortPath(Route):
    """A route to an app, for requests that are not a browser's for a page."""

    def matches(self, scope: Any) -> tuple[Match, Any]:
        if scope["type"] != "http" or not _is_for_api(scope):
            return Match.NONE, {}
        return super().matches(scope)


def _is_for_api(scope: Any) -> bool:
    if scope["method"] not in ("GET", "HEAD"):
        return True
    headers = Headers(scope=scope)
    accept = headers.get("accept", "")
    return "authorization" in headers or (
        "application/json" in accept and "text/html" not in accept
    )
