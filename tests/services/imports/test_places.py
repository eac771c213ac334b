"""Countries, currencies, languages and phone numbers."""

import pytest

from crm.services.imports.places import country, currency, language, phone
from tests.services.imports.files import cells, values


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("Germany", "DE"),
        ("GERMANY ", "DE"),
        ("Deutschland", "DE"),
        ("德国", "DE"),
        ("德國", "DE"),
        ("de", "DE"),
        ("DEU", "DE"),
        ("中国", "CN"),
        ("United Kingdom", "GB"),
        ("UK", "GB"),
        ("EIRE", "IE"),
        ("RSA", "ZA"),
        ("USA", "US"),
        ("Hong Kong", "HK"),
        ("Czech Republic", "CZ"),
        ("NA", "NA"),  # Namibia
        ("Bosnia and Herzegovina", "BA"),
        ("Bosnia & Herzegovina", "BA"),
    ],
)
def test_a_country_is_known_by_name_or_code(cell: str, code: str) -> None:
    assert values(country(cells(cell))) == [code]


@pytest.mark.parametrize("cell", ["Unspecified", "n/a", "-", ""])
def test_an_unspecified_country_is_blank(cell: str) -> None:
    assert values(country(cells(cell))) == [None]


@pytest.mark.parametrize("cell", ["European Community", "Channel Islands", "EU", "ZZ"])
def test_what_is_no_country_is_told(cell: str) -> None:
    assert values(country(cells(cell))) == ["NOT_A_COUNTRY"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("eur", "EUR"),
        ("€", "EUR"),
        ("US Dollar", "USD"),
        ("人民币", "CNY"),
        ("RMB", "CNY"),
        ("$", "AMBIGUOUS_CURRENCY"),
        ("¥", "AMBIGUOUS_CURRENCY"),
        ("shells", "NOT_A_CURRENCY"),
    ],
)
def test_currencies(cell: str, code: str) -> None:
    assert values(currency(cells(cell))) == [code]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("en", "en"),
        ("German", "de"),
        ("Deutsch", "de"),
        ("中文", "zh"),
        ("zh-CN", "zh_CN"),
        ("pt_BR", "pt_BR"),
        ("gibberish", "NOT_A_LANGUAGE"),
    ],
)
def test_languages(cell: str, code: str) -> None:
    assert values(language(cells(cell))) == [code]


def test_phone_numbers_take_the_country_at_hand() -> None:
    column = cells("030 1234567", "+86 138 0013 8000", "0049 30 1234567", "abc", "")

    assert values(phone(column, "DE")) == [
        *("+49301234567", "+8613800138000", "+49301234567", "NOT_A_PHONE", None),
    ]


def test_without_a_country_phone_numbers_need_a_plus() -> None:
    column = cells("030 1234567", "+49 30 1234567")

    assert values(phone(column)) == ["NOT_A_PHONE", "+49301234567"]
