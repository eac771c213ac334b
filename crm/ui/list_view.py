"""A list of records: search, filter, views, columns, sort, pages; open, pick, act.

All of what it shows is in the address: `<slug>_q` search, `_f` filter, `_s` sort,
`_c` columns, `_p` page. A link to it shows the same to whoever may see it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from crm import db
from crm.errors import Invalid
from crm.i18n import _
from crm.services import filters, lists
from crm.services.bulk import TABLES
from crm.services.days import today
from crm.services.fields import ENTITIES, Field, entity_of, fields_of
from crm.ui import (
    access,
    address,
    bulk,
    export_menu,
    filter_builder,
    record_table,
    views_menu,
)
from crm.ui.feedback import empty, told
from crm.ui.format import number, plain

SIZE = 25


@dataclass(frozen=True)
class ListSpec:
    """One list: of which records, at which address, what opens one of them."""

    entity: str
    slug: str
    detail: str
    opens: str  # the field whose cell opens the record
    empty: str
    hint: str
    start: Callable[[], None] | None = None  # drawn in the empty list: a first step


def show(spec: ListSpec) -> None:
    """Draw the list."""
    actor = access.current()
    with db.reading(actor) as session:
        fields = fields_of(session, spec.entity)
        known = filter_builder.known(session, fields)
    _drop_nonsense(spec, fields)
    query = _toolbar(spec, fields, known)
    with told():
        _body(spec, query, fields, known)


def _toolbar(
    spec: ListSpec, fields: dict[str, Field], known: filter_builder.Known
) -> lists.Query:
    """The line above the list; what it asks for."""
    slug = spec.slug
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{slug}_bar"):
        search = st.text_input(
            _("Search"),
            key=f"{slug}_q",
            bind="query-params",
            placeholder=_("Search …"),
            icon=":material/search:",
            label_visibility="collapsed",
            on_change=_first_page,
            args=[slug],
            width=220,
        )
        views_menu.show(spec.entity, slug)
        rule = filter_builder.read(slug)
        label = _("Filter") + (f" ({len(rule['rules'])})" if rule else "")
        with st.popover(label, icon=":material/filter_alt:"):
            filter_builder.build(slug, fields, known)
            rule = filter_builder.read(slug)
        with st.popover(_("Columns"), icon=":material/view_column:"):
            columns = _columns(slug, fields)
        sort = _sort(spec, fields)
        query = lists.Query(spec.entity, search or "", rule, sort, tuple(columns))
        export_menu.show(query, slug)
    return query


def _drop_nonsense(spec: ListSpec, fields: dict[str, Field]) -> None:
    """Leave out a filter that somebody wrote into the address, and say so."""
    try:
        rule = filter_builder.read(spec.slug)
        filters.where(entity_of(spec.entity), fields, rule, today=today())
    except Invalid as error:
        filter_builder.clear(spec.slug)
        st.error(plain(error), icon=":material/block:")


def _columns(slug: str, fields: dict[str, Field]) -> list[str]:
    return address.several(
        _("Columns"),
        {name: field.label for name, field in fields.items()},
        f"{slug}_c",
        usual=[name for name, field in fields.items() if field.shown],
        width=420,
    )


def _sort(spec: ListSpec, fields: dict[str, Field]) -> str:
    sortable = [name for name, field in fields.items() if field.sort is not None]
    options = [one for name in sortable for one in (name, f"-{name}")]

    def label(option: str) -> str:
        arrow = "↓" if option.startswith("-") else "↑"
        return f"{_(fields[option.removeprefix('-')].label)} {arrow}"

    return address.menu(
        _("Sort by"),
        {option: label(option) for option in options},
        f"{spec.slug}_s",
        usual=ENTITIES[spec.entity].sort,
        width=160,
        is_labelled=False,
    )


def _body(
    spec: ListSpec,
    query: lists.Query,
    fields: dict[str, Field],
    known: filter_builder.Known,
) -> None:
    """The filter in words, the bar for what is picked, the rows, the pages."""
    notice, actions, table = (st.container() for _slot in range(3))
    at = _page_number(spec.slug)
    with db.reading(access.current()) as session:
        found = lists.page(session, query, today=today(), number=at, size=SIZE)
        names = record_table.names(session, found)
    if query.rule:
        notice.caption(plain(filter_builder.words(query.rule, fields, known)))
    with table:
        if not found.rows:
            _nothing(spec, query)
            return
        ids = record_table.show(
            spec.slug,
            spec.detail,
            spec.opens,
            found,
            names,
            picks=spec.entity in TABLES,
        )
        _footer(spec.slug, found, at)
    with actions:
        bulk.show(spec.entity, spec.slug, query, ids, found)


def _page_number(slug: str) -> int:
    given = st.session_state.get(f"{slug}_p") or st.query_params.get(f"{slug}_p", "1")
    text = str(given)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 1


def _footer(slug: str, found: lists.Page, at: int) -> None:
    pages = max(1, -(-found.total // SIZE))
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        total = number(found.total) + ("+" if found.is_capped else "")
        first = (at - 1) * SIZE + 1
        st.caption(
            _("{first} to {last} of {total}").format(
                first=number(first),
                last=number(first + len(found.rows) - 1),
                total=total,
            ),
            width="content",
        )
        if pages > 1:
            st.pagination(pages, key=f"{slug}_p", bind="query-params")


def _nothing(spec: ListSpec, query: lists.Query) -> None:
    """Say why the list is empty, and what to do."""
    if query.search or query.rule:
        box = empty(
            _("Nothing fits."),
            _("Try another word, or take conditions away."),
            icon="search_off",
        )
        box.button(
            _("Show all"), on_click=_reset, args=[spec.slug], key=f"{spec.slug}_reset"
        )
        return
    box = empty(spec.empty, spec.hint)
    if spec.start:
        with box:
            spec.start()


def _reset(slug: str) -> None:
    filter_builder.clear(slug)
    st.session_state[f"{slug}_q"] = ""


def _first_page(slug: str) -> None:
    st.session_state[f"{slug}_p"] = 1
