"""How a quote looks on its public page: as on paper, and with room for an answer."""

from html import escape
from typing import Any

from starlette.requests import Request

from crm.i18n import _
from crm.models import Quote, QuoteStatus
from crm.services.days import day_of
from crm.services.documents.papers import Paper
from crm.services.documents.papers.figures import day, money
from crm.services.documents.papers.wording import worded
from crm.web.page import field, form, said

STYLE = """
main{max-width:820px}h1{overflow-wrap:anywhere}
.brand{font-weight:600;color:var(--ink);margin:0}
.parties{display:grid;grid-template-columns:1fr 1fr;gap:24px;margin:20px 0}
address{font-style:normal;overflow-wrap:anywhere}
.parties small{display:block;color:var(--muted)}
dl{display:flex;flex-wrap:wrap;gap:8px 28px;margin:0 0 20px}
dt{color:var(--muted);font-size:.8rem}dd{margin:0;font-weight:550}
.text{white-space:pre-line;color:inherit;overflow-wrap:anywhere}
th{text-align:left;font-weight:550;color:var(--muted);font-size:.8rem;
padding:6px 0;border-bottom:1px solid var(--line);vertical-align:bottom}
.position{width:3ch;padding-right:12px}
td{vertical-align:top;overflow-wrap:anywhere}
.figure{text-align:right;white-space:nowrap;padding-left:16px;
font-variant-numeric:tabular-nums}
th.figure{white-space:normal}td small{display:block;color:var(--muted)}
.sums{width:auto;margin:12px 0 0 auto}.sums td{border:0;padding:3px 0}
.sums .total td{font-weight:650;border-top:1px solid var(--line);padding-top:8px}
.state{border:1px solid var(--line);border-left:4px solid var(--brand);
border-radius:8px;padding:12px 16px;color:inherit;margin:16px 0}
.state.bad{border-left-color:var(--bad);font-weight:400}
input[type=checkbox]{width:18px;height:18px;margin:2px 0 0;flex:none}
.check{display:flex;gap:10px;font-weight:400}
textarea{font:inherit;padding:10px 12px;border-radius:8px;width:100%;
border:1px solid var(--line);background:var(--card);color:var(--ink)}
h2{font-size:1.05rem;margin:0 0 10px}section form{max-width:440px}
summary{cursor:pointer;color:var(--link);margin-bottom:12px}
.file{margin:20px 0 0}.narrow{display:none}
@media (max-width:640px){main{padding:20px}.parties{grid-template-columns:1fr}
.lines thead{display:none}.lines tr{display:block;padding:10px 0;
border-bottom:1px solid var(--line)}
.lines td{display:flex;justify-content:space-between;gap:16px;border:0;padding:2px 0}
.lines td.position,.lines td.blank{display:none}
.lines td.what{display:block;font-weight:550}
.lines td.what small{font-weight:400}.narrow{display:inline;color:var(--muted)}
.sums{width:100%}}
"""


def body(request: Request, quote: Quote, paper: Paper, *, lapsed: bool) -> str:
    """What stands on the page of `quote`, as HTML."""
    words = worded(paper)
    parts = [
        said(request),
        _state(quote, lapsed=lapsed),
        _parties(words),
        _facts(words["facts"]),
        _text(words["intro"]),
        _lines(words),
        _sums(words["sums"]),
        _terms(words),
        _download(request),
    ]
    if quote.status is QuoteStatus.SENT and not lapsed:
        parts.append(_answers(request, paper))
    return "".join(parts)


def head(name: str) -> str:
    """Who offers, in place of our own logo."""
    return f"<p class=brand>{escape(name)}</p>" if name else ""


def here(request: Request) -> str:
    """The address of the page."""
    return f"/offer/{request.path_params['token']}"


def _state(quote: Quote, *, lapsed: bool) -> str:
    """What has become of the quote, where it does not wait for an answer."""
    who, at = quote.answered_by or "?", quote.answered_at
    told = {"name": who, "day": day(day_of(at)) if at else "?"}
    if quote.status is QuoteStatus.ACCEPTED:
        words = _("{name} accepted this quote on {day}. Thank you.").format(**told)
        return f"<p class=state role=status>{escape(words)}</p>"
    if quote.status is QuoteStatus.DECLINED:
        words = _("{name} declined this quote on {day}.").format(**told)
    elif quote.status is QuoteStatus.REPLACED:
        words = _("A newer version has replaced this quote. Look for it in your mail.")
    elif lapsed and quote.valid_until is not None:
        words = _("This quote was valid until {day}. Ask us for a new one.")
        words = words.format(day=day(quote.valid_until))
    else:
        return ""
    return f'<p class="state bad" role=status>{escape(words)}</p>'


def _parties(words: dict[str, Any]) -> str:
    sides = (
        (_("Sender"), words["sender"]),
        (_("Recipient"), words["recipient"]),
    )
    shown = "".join(
        f"<address><small>{escape(label)}</small>"
        f"{'<br>'.join(escape(line) for line in lines)}</address>"
        for label, lines in sides
        if lines
    )
    return f"<div class=parties>{shown}</div>"


def _facts(facts: list[tuple[str, str]]) -> str:
    shown = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>"
        for label, value in facts
    )
    return f"<dl>{shown}</dl>"


def _text(lines: list[str]) -> str:
    return f"<p class=text>{escape(chr(10).join(lines))}</p>" if lines else ""


def _lines(words: dict[str, Any]) -> str:
    """The table; on a narrow screen each line is a block of label and figure."""
    position, what, *figures = (escape(one) for one in words["headings"])
    head = (
        f"<th scope=col class=position>{position}</th><th scope=col>{what}</th>"
        + "".join(f"<th scope=col class=figure>{one}</th>" for one in figures)
    )
    rows = "".join(_line(line, figures) for line in words["lines"])
    return f"<table class=lines><thead><tr>{head}</tr></thead>{rows}</table>"


def _line(line: dict[str, Any], headings: list[str]) -> str:
    what = "<br>".join(escape(one) for one in line["text"])
    figures = "".join(
        f'<td class="figure{"" if figure else " blank"}">'
        f"<span class=narrow>{heading}</span>{escape(figure)}</td>"
        for heading, figure in zip(headings, line["figures"], strict=True)
    )
    return (
        f"<tr><td class=position>{escape(line['position'])}</td>"
        f"<td class=what>{what}<small>{escape(line['sku'])}</small></td>{figures}</tr>"
    )


def _sums(sums: list[tuple[str, str, str]]) -> str:
    rows = "".join(
        f"<tr class={weight}><td>{escape(label)}</td>"
        f"<td class=figure>{escape(amount)}</td></tr>"
        for label, amount, weight in sums
    )
    return f"<table class=sums>{rows}</table>"


def _terms(words: dict[str, Any]) -> str:
    if not words["terms"]:
        return ""
    title = escape(words["terms_title"])
    return f"<section><h2>{title}</h2>{_text(words['terms'])}</section>"


def _download(request: Request) -> str:
    label = escape(_("Download as PDF"))
    return f'<p class=file><a href="{escape(here(request))}/pdf">{label}</a></p>'


def _answers(request: Request, paper: Paper) -> str:
    """The two forms: accept, and decline."""
    name = field("name", _("Your name"), autocomplete="name", maxlength="200")
    agree = _("I accept this quote of {total} and its terms.").format(
        total=money(paper.total, paper.currency)
    )
    box = f"<input type=checkbox name=agree value=1 required>{escape(agree)}"
    accept = form(
        request,
        here(request),
        f"{name}<label class=check>{box}</label>{_hidden('accept')}",
        _("Accept"),
    )
    why = escape(_("Reason, if you like to tell"))
    box = "<textarea name=note rows=3 maxlength=500></textarea>"
    reason = f"<label>{why}{box}</label>"
    decline = form(
        request,
        here(request),
        f"{name}{reason}{_hidden('decline')}",
        _("Decline"),
        "quiet",
    )
    title, other = escape(_("Your answer")), escape(_("Decline this quote"))
    return (
        f"<section><h2>{title}</h2>{accept}</section>"
        f"<section><details><summary>{other}</summary>{decline}</details></section>"
    )


def _hidden(answer: str) -> str:
    return f'<input type=hidden name=answer value="{answer}">'
