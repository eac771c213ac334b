"""Step 2, map: how rows find records, and what holds for the file as a whole."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import available_timezones

import streamlit as st
from babel import Locale

from crm import db
from crm.config import settings
from crm.i18n import _, current
from crm.services.imports import places, runs
from crm.services.imports.targets import CHANGED_AT, Kind
from crm.services.sales import pipelines
from crm.ui import access
from crm.ui.data.imports import reading, state, words
from crm.ui.format import country

IN_CURRENCY = ("orders", "opportunities")


def show(one: runs.Import, target: runs.Target, choices: runs.Choices) -> None:
    """The choices that are not about one column."""
    kinds = {
        field.kind for field in target.fields if field.name in choices.mapping.values()
    }
    with (
        st.container(border=True),
        st.grid(3, min_column_width=220, vertical_alignment="bottom"),
    ):
        _one_of(one, "mode", _("Rows may"), words.said(words.MODES), choices.mode)
        _match(one, target, choices)
        if choices.mapping and choices.mode is not runs.Mode.CREATE:
            _all_policies(one, choices)
        if one.target == "orders":
            _orders(one, choices)
        if one.target == "opportunities":
            _opportunities(one, choices)
        if Kind.PHONE in kinds:
            _country(one, choices)
        if Kind.MOMENT in kinds:
            _zone(one, choices)
        if one.target in IN_CURRENCY and Kind.CURRENCY not in kinds:
            _currency(one, choices)


def fitting(one: runs.Import, mapping: Mapping[str, str]) -> dict[str, Any]:
    """What else must change when the mapping does: the key, what keeps the newer."""
    with db.reading(access.current()) as session:
        keys = runs.target(session, one.target).match_keys
    possible = [key for key in keys if key in mapping.values()]
    held = state.working(one)
    key = held.match_key if held.match_key in possible else next(iter(possible), "")
    policies = dict(held.policies)
    if CHANGED_AT not in mapping.values():
        policies = {f: p for f, p in policies.items() if p is not runs.Policy.NEWER}
    return {"match_key": key, "policies": policies}


def _match(one: runs.Import, target: runs.Target, choices: runs.Choices) -> None:
    labels = words.fields(target)
    possible = [k for k in target.match_keys if k in choices.mapping.values()]
    _one_of(
        one,
        "match_key",
        _("Rows find records by"),
        {key: labels[key] for key in possible},
        choices.match_key,
        placeholder=_("Map one of: {fields}").format(
            fields=", ".join(labels[key] for key in target.match_keys)
        ),
    )


def _all_policies(one: runs.Import, choices: runs.Choices) -> None:
    """One policy for all columns; None while they differ."""
    known = reading.policies(choices)
    fields = list(choices.mapping.values())
    held = {choices.policies.get(name, runs.Policy.OVERWRITE) for name in fields}
    same = held.pop() if len(held) == 1 else None
    key = state.key(one, f"policies_{same}")
    st.selectbox(
        _("Where the record holds something"),
        known,
        index=known.index(same) if same in known else None,
        placeholder=_("Differs by column"),
        format_func=lambda policy: _(words.POLICIES[policy]),
        key=key,
        on_change=_set_all,
        args=[one, key, fields],
    )


def _set_all(one: runs.Import, key: str, fields: list[str]) -> None:
    if policy := st.session_state[key]:
        state.change(one.id, policies=dict.fromkeys(fields, policy))


def _orders(one: runs.Import, choices: runs.Choices) -> None:
    _one_of(
        one,
        "without_customer",
        _("Orders without a customer"),
        words.said(words.WITHOUT_CUSTOMER),
        choices.without_customer,
    )
    _one_of(
        one,
        "unknown_products",
        _("A SKU that no product has"),
        words.said(words.UNKNOWN_PRODUCTS),
        choices.unknown_products,
    )


def _opportunities(one: runs.Import, choices: runs.Choices) -> None:
    _one_of(
        one,
        "without_customer",
        _("Opportunities without a customer"),
        words.said(words.WITHOUT_CUSTOMER),
        choices.without_customer,
    )
    _one_of(
        one,
        "unknown_customers",
        _("Those of a customer that is not there"),
        words.said(words.UNKNOWN_CUSTOMERS),
        choices.unknown_customers,
    )
    with db.reading(access.current()) as session:
        known = {each.id: each.name for each in pipelines.listed(session)}
        asks = any(each.required for each in pipelines.stages(session))
    if asks:
        _one_of(
            one,
            "missing_fields",
            _("Without a field that their stage asks for"),
            words.said(words.MISSING_FIELDS),
            choices.missing_fields,
        )
    if len(known) > 1:
        first = next(iter(known))
        held = choices.pipeline or first
        _one_of(one, "pipeline", _("They go into the pipeline"), known, held)


def _country(one: runs.Import, choices: runs.Choices) -> None:
    codes = sorted(set(places.countries().values()), key=country)
    _one_of(
        one,
        "country",
        _("Phone numbers without + are from"),
        {None: _("Not known")} | {code: f"{country(code)} ({code})" for code in codes},
        choices.country,
    )


def _zone(one: runs.Import, choices: runs.Choices) -> None:
    house = _("As installed ({name})").format(name=settings().timezone)
    zones = {name: name for name in sorted(available_timezones())}
    _one_of(one, "zone", _("Times are of"), {"": house} | zones, choices.zone)


def _currency(one: runs.Import, choices: runs.Choices) -> None:
    names = Locale.parse(current()).currencies
    house = _("As installed ({name})").format(name=settings().currency)
    known = {code: f"{code} · {names[code]}" for code in sorted(names)}
    _one_of(
        one, "currency", _("Amounts are in"), {None: house} | known, choices.currency
    )


def _one_of(
    one: runs.Import,
    part: str,
    label: str,
    options: Mapping[Any, str],
    held: Any,
    *,
    placeholder: str | None = None,
) -> None:
    """A choice among a few, which goes into `part` of the choices."""
    known, shown = list(options), _shower(options)
    key = state.key(one, f"{part}_{held}")
    st.selectbox(
        label,
        known,
        index=known.index(held) if held in known else None,
        format_func=shown,
        placeholder=placeholder,
        key=key,
        on_change=_set,
        args=[one, part, key],
    )


def _shower(options: Mapping[Any, str]) -> Callable[[Any], str]:
    return lambda option: options[option]


def _set(one: runs.Import, part: str, key: str) -> None:
    state.change(one.id, **{part: st.session_state[key]})
