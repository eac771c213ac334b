"""Words stored by one user, read by another in another language."""

from datetime import date
from decimal import Decimal

import pytest

from crm.errors import NotFound
from crm.i18n import _, language, ngettext
from crm.models import Customer
from crm.models.words import kept, told

ROWS = ("{count} blank row was skipped.", "{count} blank rows were skipped.")


def shared(n: int) -> str:
    return ngettext(*ROWS, n).format(count=f"{n:,}")


def in_chinese(stored: str) -> str:
    with language("zh_CN"):
        return told(stored)


def test_words_are_said_in_the_language_of_who_reads_them() -> None:
    with language("zh_CN"):
        stored = kept(_("“{cell}” is not a whole number.").format(cell="一.5"))

    assert told(stored) == "“一.5” is not a whole number."


@pytest.mark.parametrize("n", [1, 2_000])
def test_so_are_those_that_count(n: int) -> None:
    stored = kept(shared(n))
    with language("zh_CN"):
        assert told(stored) == shared(n)


def test_words_inside_of_words_are_translated_too() -> None:
    stored = kept(NotFound(Customer, 7).words)
    with language("zh_CN"):
        assert told(stored) == str(NotFound(Customer, 7))


def test_what_was_read_can_be_stored_again() -> None:
    stored = kept(_("{record} is in use.").format(record="A"))

    assert kept(in_chinese(stored)) == stored


@pytest.mark.parametrize(
    "text",
    [
        "Zeile 3 fehlt",  # as older versions have stored it
        '{"said":"Waiting"',
        '{"said":["{count} x","y"],"of":{}}',
        '{"said":"Waiting","of":{}}',  # somebody's own, who knows how it is done
        "{name} and }",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert in_chinese(kept(text)) == text


@pytest.mark.parametrize(
    "stored",
    ['{"said":', '{"said":7,"of":[1]}', '{"said":"{a}","of":{"b":1}}', '{"said":"x"}'],
)
def test_what_cannot_be_read_is_shown_as_it_is(stored: str) -> None:
    assert told(stored) == stored


@pytest.mark.parametrize("value", [date(2026, 5, 3), Decimal("1.50"), None, 3, True])
def test_any_value_is_written_as_it_was_said(value: object) -> None:
    words = _("{record} is in use.").format(record=value)

    assert told(kept(words)) == str(words)


def test_a_number_that_is_written_in_a_certain_way_stays_in_one_language() -> None:
    words = _("{count:,.2f} rows").format(count=Decimal(1_000))

    assert kept(words) == "1,000.00 rows"


@pytest.mark.parametrize("long", ["x" * 900, '"' * 900, "汉" * 900])
def test_what_is_too_long_is_cut_inside(long: str) -> None:
    stored = kept(_("{record} is in use.").format(record=long), 200)

    assert len(stored) <= 200
    assert told(stored).endswith("… is in use.")
    assert len(kept("y" * 900, 200)) == 200
