"""Sign in and out, first run, invitation, and one's own account."""

import hmac
import ipaddress
import os
import secrets
from collections.abc import Awaitable, Callable
from html import escape
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from crm import db
from crm.errors import CRMError, NotFound
from crm.i18n import LANGUAGES, _, best, current, use
from crm.models import Actor, utcnow
from crm.services import records
from crm.services.admin import invitations, sessions, setup, sign_in, users
from crm.services.admin.sessions import Visit
from crm.web.identity import COOKIE, SECURE_COOKIE, needs_setup
from crm.web.page import field, form, page, said, say
from crm.web.sent import given as given_by
from crm.web.sent import is_ours

SETUP_TOKEN = os.environ.get("CRM_SETUP_TOKEN") or secrets.token_urlsafe(18)
Handler = Callable[[Request], Awaitable[Response]]


async def login(request: Request) -> Response:
    """The form, and what it sends. A failed attempt leaves no POST in the history."""
    _speak(request)
    target = safe(request.query_params.get("next", "/"))
    here = f"/account/login?next={quote(target, safe='')}"
    if await to_thread.run_sync(needs_setup):
        return RedirectResponse("/account/setup", 303)
    if request.method == "POST":
        given = await given_by(request)
        try:
            _actor, token = await to_thread.run_sync(
                lambda: sign_in.enter(
                    given["email"], given["password"], _visit(request)
                )
            )
        except CRMError as error:
            say(request, str(error))
            return RedirectResponse(here, 303)
        except KeyError:
            say(request, _("This form has expired. Try again."))
            return RedirectResponse(here, 303)
        return _with_cookie(request, RedirectResponse(target, 303), token)
    inside = field(
        "email", _("E-mail"), "email", autocomplete="username", autofocus=""
    ) + field("password", _("Password"), "password", autocomplete="current-password")
    return page(_("Sign in"), form(request, here, inside, _("Sign in")))


async def logout(request: Request) -> Response:
    """End this session."""
    if await is_ours(request):
        cookie = request.cookies.get(SECURE_COOKIE) or request.cookies.get(COOKIE)
        await to_thread.run_sync(lambda: sign_in.leave(cookie or ""))
    answer = RedirectResponse("/account/login", 303)
    answer.delete_cookie(COOKIE)
    answer.delete_cookie(SECURE_COOKIE, secure=True)
    return answer


async def first_run(request: Request) -> Response:
    """Create the administrator: from this machine, or with the token in the log."""
    _speak(request)
    if not await to_thread.run_sync(needs_setup):
        return page(_("Not found"), "", status=404)
    token = request.query_params.get("token", "")
    if not _is_here(request) and not hmac.compare_digest(token, SETUP_TOKEN):
        text = _("Open this page on the machine itself, or by the link in its log.")
        return page(_("Set up Clientele"), f"<p>{escape(text)}</p>", status=403)
    here = f"/account/setup?token={quote(token, safe='')}"
    if request.method == "POST":
        return await _set_up(request, here)
    text = _("Create the administrator, and choose how to start.")
    return page(
        _("Welcome to Clientele"),
        f"<p>{escape(text)}</p>"
        + form(request, here, _setup_fields(), _("Create and start")),
    )


async def _set_up(request: Request, here: str) -> Response:
    given = await given_by(request)
    given["demo"] = given.pop("start", "") == "demo"
    try:
        fields = records.valid(setup.SetupFields, given)
        _actor, token = await to_thread.run_sync(
            lambda: setup.finish(fields, _visit(request), at=utcnow())
        )
    except NotFound:
        return page(_("Not found"), "", status=404)
    except CRMError as error:
        say(request, str(error))
        return RedirectResponse(here, 303)
    return _with_cookie(request, RedirectResponse("/", 303), token)


def _setup_fields() -> str:
    choices = "".join(
        f'<label class=choice><input type=radio name=start value="{value}" {more}>'
        f"{escape(label)}</label>"
        for value, label, more in (
            ("demo", _("Load the demo company"), "checked"),
            ("empty", _("Start empty"), ""),
        )
    )
    legend = _("How to start")
    return (
        field("name", _("Name"), autocomplete="name", autofocus="", maxlength="120")
        + field("email", _("E-mail"), "email", autocomplete="username")
        + field(
            "password",
            _("Password, at least 10 characters"),
            "password",
            autocomplete="new-password",
            minlength="10",
        )
        + f"<fieldset><legend>{escape(legend)}</legend>{choices}</fieldset>"
    )


async def invitation(request: Request) -> Response:
    """Set the first password, or a new one, by a link."""
    _speak(request)
    token = request.query_params.get("token", "")
    user = await to_thread.run_sync(lambda: invitations.invited(token))
    if user is None:
        text = _("This link does not work any more. Ask for a new one.")
        return page(_("Not found"), f"<p>{escape(text)}</p>", status=404)
    here = f"/account/invitation?token={quote(token, safe='')}"
    if request.method == "POST":
        given = await given_by(request)
        try:
            _actor, made = await to_thread.run_sync(
                lambda: invitations.accept(
                    token, given.get("password", ""), _visit(request)
                )
            )
        except CRMError as error:
            say(request, str(error))
            return RedirectResponse(here, 303)
        return _with_cookie(request, RedirectResponse("/", 303), made)
    inside = field(
        "password",
        _("New password, at least 10 characters"),
        "password",
        autocomplete="new-password",
    )
    welcome = _("Welcome, {name}").format(name=user.name)
    return page(welcome, form(request, here, inside, _("Set password")))


async def account(request: Request) -> Response:
    """Language, password, the browsers signed in; the way out."""
    actor: Actor = request.scope["crm_actor"]
    use(actor.language or best(request.headers.get("accept-language")))
    if request.method == "POST":
        return await _change(request, actor)
    with db.reading(actor) as session:
        there = sessions.listed(session, at=utcnow())
    rows = "".join(
        f"<tr><td>{escape(one.browser or '?')[:60]}</td>"
        f"<td>{escape(one.address or '?')}</td></tr>"
        for one in there
    )
    back = _("Back to Clientele")
    return page(
        actor.name,
        said(request)
        + f"<p><a href='/'>{escape(back)}</a></p>"
        + form(request, "/account/logout", "", _("Sign out"), "quiet")
        + _section(_("Language"), form(request, "/account", _languages(), _("Save")))
        + _section(_("Password"), form(request, "/account", _passwords(), _("Change")))
        + _section(
            _("Where you are signed in"),
            f"<table>{rows}</table>"
            + form(
                request,
                "/account",
                "<input type=hidden name=everywhere value=1>",
                _("Sign out everywhere"),
                "quiet",
            ),
        ),
    )


async def _change(request: Request, actor: Actor) -> Response:
    given = await given_by(request)
    answer = RedirectResponse("/account", 303)
    try:
        if "language" in given:
            await to_thread.run_sync(lambda: _spoken(actor, given["language"]))
        elif "everywhere" in given:
            await to_thread.run_sync(lambda: _out(actor))
        elif "current" in given:
            token = await to_thread.run_sync(
                lambda: sign_in.change_password(
                    actor, given["current"], given.get("new", ""), _visit(request)
                )
            )
            say(request, _("The password is changed."), good=True)
            return _with_cookie(request, answer, token)
    except CRMError as error:
        say(request, str(error))
    return answer


def _spoken(actor: Actor, language: str) -> None:
    with db.transaction(actor) as session:
        users.speak(session, language)


def _out(actor: Actor) -> None:
    with db.transaction(actor) as session:
        sessions.end_all(session, actor.user_id or 0, at=utcnow())


def _section(title: str, inside: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{inside}</section>"


def _languages() -> str:
    options = "".join(
        f'<option value="{code}" {"selected" if code == current() else ""}>'
        f"{escape(name)}</option>"
        for code, name in LANGUAGES.items()
    )
    label = escape(_("Language"))
    return f'<select name=language aria-label="{label}">{options}</select>'


def _passwords() -> str:
    return field(
        "current", _("Present password"), "password", autocomplete="current-password"
    ) + field("new", _("New password"), "password", autocomplete="new-password")


def safe(target: str) -> str:
    """`target` if it is a path of this site, else “/”."""
    inside = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if inside and "\\" not in target and "\n" not in target else "/"


def _visit(request: Request) -> Visit:
    return Visit(
        request.client.host if request.client else None,
        request.headers.get("user-agent", "")[:250],
        best(request.headers.get("accept-language")),
    )


def _speak(request: Request) -> None:
    use(best(request.headers.get("accept-language")))


def _is_here(request: Request) -> bool:
    """Whether the request comes from this machine, and through no proxy."""
    proxied = {"x-forwarded-for", "forwarded", "x-real-ip"} & set(request.headers)
    try:
        address = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    return address.is_loopback and not proxied


def _with_cookie(request: Request, answer: Response, token: str) -> Response:
    secure = request.url.scheme == "https"
    request.session.pop("csrf", None)
    answer.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        token,
        max_age=int(sessions.LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=secure,
        path="/",
    )
    return answer


BOTH = ["GET", "POST"]
ROUTES = [
    Route("/account/login", login, methods=BOTH),
    Route("/account/logout", logout, methods=["POST"]),
    Route("/account/setup", first_run, methods=BOTH),
    Route("/account/invitation", invitation, methods=BOTH),
    Route("/account", account, methods=BOTH),
]
