"""/form/<key>: the public page of a web form; what is sent becomes a lead."""

import hashlib
import hmac
import secrets
import time
from html import escape
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from crm import db
from crm.config import secret_key
from crm.errors import CRMError, Duplicate, Invalid
from crm.i18n import _, use
from crm.models import SYSTEM, WebForm
from crm.services.admin.throttle import address_key
from crm.services.sales import web_forms
from crm.web import sent
from crm.web.limits import Budget
from crm.web.page import form, page, say

FOLDER = "/form/"
TRAP = "homepage"  # hidden from people; programs fill it in
QUICKEST, LONGEST = 2, 86_400  # seconds between the page and what it sends
BUDGET = Budget(burst=20, per_second=1 / 30)  # of each address
KINDS = {"email": "email", "phone": "tel"}
COMPLETE = {"name": "name", "company": "organization", "email": "email", "phone": "tel"}


async def show(request: Request) -> Response:
    """The form, or thanks; and what it sends."""
    found = await to_thread.run_sync(_found, request.path_params["key"])
    if found is None:
        return page(_("Not found"), "", status=404)
    use(found.language)
    typed: dict[str, Any] = {}
    if request.method == "POST":
        typed = await sent.given(request)
        try:
            await to_thread.run_sync(_take, found, dict(typed), _address(request))
        except CRMError as error:
            say(request, str(error))
        else:
            return RedirectResponse(f"{FOLDER}{found.key}?thanks", 303)
    elif "thanks" in request.query_params:
        words = found.thanks or _("Thank you. We will be in touch soon.")
        return page(found.title, f"<p class=text>{escape(words)}</p>")
    return _asked(request, found, typed)


def _asked(request: Request, found: WebForm, typed: dict[str, Any]) -> Response:
    """The page with the form, filled with what was typed and did not fit."""
    intro = f"<p class=text>{escape(found.intro)}</p>" if found.intro else ""
    inside = form(request, FOLDER + found.key, _fields(found, typed), _("Send"))
    return page(found.title, intro + inside, status=422 if typed else 200)


def _found(key: str) -> WebForm | None:
    with db.reading(SYSTEM) as session:
        return web_forms.open_at(session, key)


def _take(found: WebForm, given: dict[str, Any], address: str) -> None:
    """Make a lead of what was given; what a program has filled in is passed over."""
    BUDGET.spend(address, now=time.monotonic())
    once = _checked(found, str(given.pop("stamp", "")))
    if given.get(TRAP):
        return
    try:
        _submit(found, given, once)
    except Duplicate:  # a second click at the same moment: the first has made the lead
        _submit(found, given, once)


def _submit(found: WebForm, given: dict[str, Any], once: str) -> None:
    with db.transaction(web_forms.visitor(found)) as session:
        web_forms.submit(session, found, given, once)


def _fields(found: WebForm, typed: dict[str, Any]) -> str:
    """The inputs as HTML, filled with what was typed before."""
    labels = {"name": _("Name")} | {
        name: _(label) for name, label in web_forms.ASKS.items() if name in found.asks
    }
    inputs = "".join(
        _input(name, label, str(typed.get(name, ""))) for name, label in labels.items()
    )
    return (
        f"{inputs}<div hidden><input name={TRAP} tabindex=-1 autocomplete=off></div>"
        f'<input type=hidden name=stamp value="{_stamp(found, int(time.time()))}">'
    )


def _input(name: str, label: str, typed: str) -> str:
    if name == "notes":
        box = f"<textarea name=notes rows=5 maxlength=20000>{escape(typed)}</textarea>"
        return f"<label>{escape(label)}{box}</label>"
    more = f'autocomplete="{COMPLETE[name]}" value="{escape(typed)}" maxlength=200'
    required = "required" if name in ("name", "email") else ""
    kind = KINDS.get(name, "text")
    return (
        f"<label>{escape(label)}"
        f'<input name="{name}" type="{kind}" {more} {required}></label>'
    )


def _stamp(found: WebForm, at: int) -> str:
    """Signed: when the page was made, and a word that makes its answer count once."""
    said = f"{at}.{secrets.token_hex(12)}"
    return f"{said}.{_sign(found, said)}"


def _sign(found: WebForm, said: str) -> str:
    text = f"web form {found.key} {said}".encode()
    return hmac.new(secret_key(), text, hashlib.sha256).hexdigest()[:32]


def _checked(found: WebForm, stamp: str) -> str:
    """The word of a stamp that we have made and that is of a sensible age.

    Raises:
        Invalid: it is not.
    """
    said, _dot, sign = stamp.rpartition(".")
    is_ours = hmac.compare_digest(_sign(found, said).encode(), sign.encode())
    age = time.time() - int(said.partition(".")[0]) if is_ours else 0
    if not (is_ours and QUICKEST <= age <= LONGEST):
        raise Invalid(_("This form has expired. Try again."))
    return said.partition(".")[2]


def _address(request: Request) -> str:
    return address_key(request.client.host if request.client else None)


ROUTES = [Route("/form/{key:str}", show, methods=["GET", "POST"])]
