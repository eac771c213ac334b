"""Text, choices and addresses: what is cleaned, and what is told."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.services.imports.texts import choice, email, link, tags, text, yes_no
from tests.services.imports.files import cells, values


def test_text_is_trimmed_and_composed() -> None:
    assert values(text(cells("  Zoe\u0308 \u00a0", " "))) == ["Zoë", None]


def test_line_breaks_become_spaces_in_a_line() -> None:
    assert values(text(cells("one \r\n two\tthree"))) == ["one two three"]


def test_line_breaks_stay_in_a_long_text() -> None:
    assert values(text(cells("one\r\ntwo\rthree"), lines=True)) == ["one\ntwo\nthree"]


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x85"])
def test_control_characters_are_told(sign: str) -> None:
    column = cells(f"a{sign}b", "fine")

    assert values(text(column)) == ["CONTROL_CHARACTER", "fine"]


@pytest.mark.parametrize("sign", ["\u200b", "\u202e", "\u2066", "\ufeff", "\u2060"])
def test_what_cannot_be_seen_is_taken_out(sign: str) -> None:
    assert values(text(cells(f"ad{sign}min"))) == ["admin"]


def test_joined_emoji_stay_joined() -> None:
    family = "👩‍👩‍👧🏽"

    assert values(text(cells(family))) == [family]


def test_text_may_be_as_long_as_the_field_and_no_longer() -> None:
    column = cells("x" * 200, "x" * 201, "👍" * 200)

    assert values(text(column, 200)) == ["x" * 200, "TOO_LONG", "👍" * 200]


def test_a_hundred_thousand_accents_on_one_letter_are_refused_at_once() -> None:
    column = cells("a" + "\u0301\u0323" * 50_000, "é")

    assert values(text(column, 200)) == ["TOO_MANY_MARKS", "é"]


@given(st.text(max_size=40))
@pytest.mark.slow
def test_clean_text_stays_as_it_is(written: str) -> None:
    (first,) = values(text(cells(written.encode("utf-8", "ignore").decode())))

    assert values(text(cells(first or ""))) == [first]


@given(st.text(st.characters(exclude_categories=["C", "Z", "M"]), max_size=40))
@pytest.mark.slow
def test_visible_text_is_only_composed(written: str) -> None:
    expected = unicodedata.normalize("NFC", written) or None

    assert values(text(cells(written))) == [expected]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Yes", True),
        ("1", True),
        ("TRUE", True),
        ("ja", True),
        ("是", True),
        ("✓", True),
        ("No", False),
        ("0", False),
        ("否", False),
        ("inactive", False),
        ("perhaps", "NOT_YES_OR_NO"),
        ("", None),
    ],
)
def test_yes_and_no(cell: str, value: object) -> None:
    assert values(yes_no(cells(cell))) == [value]


def test_a_choice_is_found_by_its_key_or_its_words() -> None:
    choices = {"company": ("firma", "公司"), "person": ("privat",)}
    column = cells("Company", "FIRMA", "公司", "Privat", "robot", "")

    found = choice(column, choices)

    assert values(found) == [
        *("company", "company", "company", "person"),
        *("NOT_A_CHOICE", None),
    ]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Ann@Example.COM", "ann@example.com"),
        ("Ann Lee <ann@example.com>", "ann@example.com"),
        ("mailto:ann@example.com", "ann@example.com"),
        ("ann+crm@sub.example.co.uk", "ann+crm@sub.example.co.uk"),
        ("用户@例子.中国", "用户@例子.中国"),
        ("ann@example", "NOT_AN_EMAIL"),
        ("ann example.com", "NOT_AN_EMAIL"),
        ("ann@@example.com", "NOT_AN_EMAIL"),
        ("ann@exa mple.com", "NOT_AN_EMAIL"),
        ("a..b@example.com", "NOT_AN_EMAIL"),
        ("ann@example.com, bob@example.com", "NOT_AN_EMAIL"),
        ("x" * 300 + "@example.com", "NOT_AN_EMAIL"),
    ],
)
def test_e_mail_addresses(cell: str, value: str) -> None:
    assert values(email(cells(cell))) == [value]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("example.com", "https://example.com"),
        ("http://example.com/a?b=c#d", "http://example.com/a?b=c#d"),
        ("https://example.com:8080/", "https://example.com:8080/"),
        ("javascript:alert(1)", "NOT_A_LINK"),
        ("javascript://example.com/%0aalert(1)", "NOT_A_LINK"),
        ("ftp://example.com", "NOT_A_LINK"),
        ("http://user:secret@example.com", "NOT_A_LINK"),
        ("none", "NOT_A_LINK"),
    ],
)
def test_web_addresses(cell: str, value: str) -> None:
    assert values(link(cells(cell))) == [value]


def test_tags_are_cut_at_semicolons_and_commas() -> None:
    column = cells("vip; north,vip", "重要，华北", "", " ; ")

    assert values(tags(column)) == [["vip", "north"], ["重要", "华北"], None, []]


def test_a_tag_too_long_is_told() -> None:
    assert values(tags(cells("short; " + "x" * 61))) == ["TOO_LONG"]


def test_a_control_character_in_a_tag_is_told() -> None:
    assert values(tags(cells("a\x00b"))) == ["CONTROL_CHARACTER"]
