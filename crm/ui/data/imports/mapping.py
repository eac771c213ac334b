"""Step 2, map: which column is which field, column by column."""

from collections import Counter

import streamlit as st

from crm import db
from crm.i18n import _, ngettext
from crm.services.imports import runs
from crm.services.imports.headers import SYNONYM
from crm.ui import access
from crm.ui.data.imports import options, reading, state, words
from crm.ui.format import number, plain

PER_PAGE = 40
EXAMPLES, LONGEST = 3, 40
LEFT_OUT = ""


def show(one: runs.Import) -> None:
    """The columns, what is still missing, how rows find records, the way on."""
    with db.reading(access.current()) as session:
        target = runs.target(session, one.target)
        sure = {each.column: each for each in runs.suggested(session, one.id)}
    choices = state.working(one)
    _kind(one)
    told = st.container()
    options.show(one, target, choices)
    st.subheader(_("Columns"))
    shown = _page(one)
    for place in shown:
        _column(one, place, target, choices, sure)
    wrong = problems(target, choices)
    with told:
        for problem in wrong:
            st.warning(plain(problem), icon=":material/rule:")
    _on(one, choices, wrong)


def _kind(one: runs.Import) -> None:
    """What the rows are; another choice has the columns guessed anew."""
    with db.reading(access.current()) as session:
        names = [each.name for each in runs.targets(session)]
    key = state.key(one, "target")
    st.selectbox(
        _("What does it hold?"),
        names,
        index=names.index(one.target),
        format_func=words.target,
        key=key,
        width=260,
        help=_("Another choice has the columns mapped anew."),
        on_change=_become,
        args=[one, key],
    )


def _become(one: runs.Import, key: str) -> None:
    state.act(one.id, one.revision, runs.choose_target, st.session_state[key])
    state.go(state.Step.MAP)


def problems(target: runs.Target, choices: runs.Choices) -> list[str]:
    """What stands in the way of a check, in words."""
    labels = words.fields(target)
    taken = Counter(choices.mapping.values())
    found = [
        _("“{field}” is filled from several columns: {columns}. Keep one.").format(
            field=labels.get(field, field),
            columns=", ".join(c for c, f in choices.mapping.items() if f == field),
        )
        for field, times in taken.items()
        if times > 1
    ]
    missing = [labels[name] for name in target.required if name not in taken]
    if missing and choices.mode is not runs.Mode.UPDATE:
        found.append(
            _("Still without a column, but required: {fields}.").format(
                fields=", ".join(missing)
            )
        )
    elif choices.match_key not in taken:
        found.append(_("Choose by which field rows find the records that are there."))
    return found


def _page(one: runs.Import) -> range:
    """The places of the columns to draw; all of them unless they are very many."""
    total = len(one.form.header)
    if total <= PER_PAGE:
        return range(total)
    pages = -(-total // PER_PAGE)
    at = st.pagination(pages, key=state.key(one, "columns")) or 1
    return range((at - 1) * PER_PAGE, min(at * PER_PAGE, total))


def _column(
    one: runs.Import,
    place: int,
    target: runs.Target,
    choices: runs.Choices,
    sure: dict[str, runs.Suggestion],
) -> None:
    """One column: its name, some cells, the field it goes into."""
    column = one.form.header[place]
    field = choices.mapping.get(column)
    with st.container(
        border=True,
        horizontal=True,
        vertical_alignment="center",
        key=state.key(one, f"column_{place}"),
    ):
        with st.container(width="stretch", gap="xsmall"):
            st.markdown(f"**{plain(column)}**")
            st.caption(plain(_examples(one.form, place)))
        if field and (likely := sure.get(column)) and likely.field == field:
            is_sure = likely.confidence >= SYNONYM
            st.badge(
                _("sure") if is_sure else _("likely"),
                color="green" if is_sure else "orange",
            )
        labels = words.fields(target)
        marked = {n: "*" if n in target.required else "" for n in labels}
        key = state.key(one, f"field_{place}")
        st.selectbox(
            plain(column),
            [LEFT_OUT, *labels],
            index=[LEFT_OUT, *labels].index(field) if field in labels else 0,
            format_func=lambda name: (
                labels[name] + marked[name] if name else _("Leave out")
            ),
            key=key,
            label_visibility="collapsed",
            width=230,
            on_change=_map,
            args=[one, place, key],
        )
        reading.show(one, place, target, choices)


def _examples(form: runs.FileFormat, place: int) -> str:
    """Different cells of the column, as many as help."""
    cells = dict.fromkeys(row[place] for row in form.sample_rows if row[place])
    short = (c if len(c) <= LONGEST else f"{c[:LONGEST]}…" for c in cells)
    return " · ".join(list(short)[:EXAMPLES]) or _("no cell filled in the first rows")


def _map(one: runs.Import, place: int, key: str) -> None:
    field, column = st.session_state[key], one.form.header[place]
    mapping = dict(state.working(one).mapping)
    mapping.pop(column, None)
    if field:
        mapping[column] = field
    in_order = {c: mapping[c] for c in one.form.header if c in mapping}
    state.change(one.id, mapping=in_order, **options.fitting(one, in_order))


def _on(one: runs.Import, choices: runs.Choices, wrong: list[str]) -> None:
    """The way to the check."""
    taken = len(choices.mapping)
    told = ngettext(
        "{n} of {total} column is imported.",
        "{n} of {total} columns are imported.",
        len(one.form.header),
    )
    total = len(one.form.header)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Check the rows"),
            type="primary",
            icon=":material/fact_check:",
            key="import_check",
            disabled=bool(wrong),
            on_click=_check,
            args=[one, choices],
        )
        st.caption(told.format(n=number(taken), total=number(total)))


def _check(one: runs.Import, choices: runs.Choices) -> None:
    if state.act(one.id, one.revision, state.settle, choices):
        state.go(None)
