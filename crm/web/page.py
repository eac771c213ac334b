"""The plain HTML pages before sign-in, in the look of the app, without scripts."""

import secrets
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse

from crm.i18n import current

STYLE = """
@font-face{font-family:Inter;font-weight:100 900;
src:url(/app/static/fonts/inter-latin.woff2)}
:root{color-scheme:light dark;--ink:#0F1B20;--page:#F4F7F7;--card:#fff;--line:#DCE4E5;
--brand:#0F6E74;--link:#0F6E74;--muted:#4C5C64;--bad:#B3261E}
@media (prefers-color-scheme:dark){:root{--ink:#E4EAEC;--page:#10161A;--card:#192227;
--line:#2D3A41;--brand:#1F8285;--link:#54C0BB;--muted:#A9B6BC;--bad:#F2938B}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--page);
color:var(--ink);padding:16px;
font:16px/1.5 Inter,system-ui,'PingFang SC','Microsoft YaHei',sans-serif}
main{width:100%;max-width:400px;background:var(--card);border:1px solid var(--line);
border-radius:14px;padding:32px}
h1{font-size:1.35rem;margin:20px 0 4px}p{color:var(--muted);margin:0 0 16px}
form{display:grid;gap:14px}label{display:grid;gap:4px;font-weight:550;font-size:.9rem}
input,select,textarea,button{font:inherit;padding:10px 12px;border-radius:8px;
border:1px solid var(--line);background:var(--card);color:var(--ink);width:100%}
input[type=radio]{width:auto;accent-color:var(--brand);margin-right:8px}
.choice{display:block;font-weight:400}
fieldset{border:0;padding:0;margin:0}legend{font-weight:550;font-size:.9rem}
button{background:var(--brand);border-color:var(--brand);color:#fff;font-weight:600;
cursor:pointer}
button.quiet{background:none;color:inherit;border-color:var(--line)}
:focus-visible{outline:3px solid var(--brand);outline-offset:2px}
.bad{color:var(--bad);font-weight:550}.good{color:var(--link);font-weight:550}
p.text{white-space:pre-line;overflow-wrap:anywhere}
section{border-top:1px solid var(--line);margin-top:24px;padding-top:16px}
a{color:var(--link)}table{width:100%;font-size:.9rem;border-collapse:collapse}
td{padding:4px 0;border-bottom:1px solid var(--line)}
"""
LOGO = (
    '<picture><source srcset="/app/static/logo-dark.svg" '
    'media="(prefers-color-scheme: dark)">'
    '<img src="/app/static/logo-light.svg" alt="Clientele" height="32"></picture>'
)


def page(
    title: str,
    body: str,
    *,
    status: int = 200,
    head: str = LOGO,
    brand: str = "Clientele",
    style: str = "",
) -> HTMLResponse:
    """A page; `body` and `head`, above the title, are HTML with their texts escaped."""
    language = current().replace("_", "-").removesuffix("-CN")
    return HTMLResponse(
        f"<!doctype html><html lang={language}><head><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>{escape(title)} · {escape(brand)}</title>"
        "<link rel=icon href=/app/static/icon.svg>"
        f"<style>{STYLE}{style}</style></head><body><main>{head}<h1>{escape(title)}"
        f"</h1>{body}</main></body></html>",
        status,
        headers={"cache-control": "no-store"},
    )


def field(name: str, label: str, kind: str = "text", **attributes: str) -> str:
    """A labelled input."""
    more = " ".join(f'{k}="{escape(v)}"' for k, v in attributes.items())
    return (
        f"<label>{escape(label)}"
        f'<input name="{name}" type="{kind}" required {more}></label>'
    )


def form(
    request: Request, action: str, inside: str, button: str, kind: str = ""
) -> str:
    """A form with its token against forgery; `inside` is HTML."""
    token = request.session.setdefault("csrf", secrets.token_urlsafe(24))
    return (
        f'<form method=post action="{escape(action)}">{said(request)}{inside}'
        f'<input type=hidden name=csrf value="{escape(token)}">'
        f'<button class="{kind}">{escape(button)}</button></form>'
    )


def say(request: Request, text: str, *, good: bool = False) -> None:
    """Have the next page say `text`."""
    request.session["flash"] = [text, "good" if good else "bad"]


def said(request: Request) -> str:
    """What the request before had to say, as HTML."""
    text, look = request.session.pop("flash", ("", ""))
    return f'<p class="{look}" role=alert>{escape(text)}</p>' if text else ""
