"""Names of the world: countries, currencies, languages, phone numbers."""

from functools import cache

import pyarrow as pa

from crm.services.imports.parsed import Parsed, Reason, by_distinct, one_array, trimmed

_LOCALES = ("en", "zh", "zh_Hant", "de")
_NO_COUNTRIES = frozenset(  # CLDR names them; ISO 3166-1 does not (XK it may)
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)
_NOTHING = frozenset(
    ("unspecified", "unknown", "n/a", "none", "null", "-", "--", "未知", "无")
)
_COUNTRY_ALIASES = {
    "GB": ("uk", "great britain", "britain", "england", "scotland", "wales"),
    "US": (
        "usa",
        "u.s.a.",
        "u.s.",
        "united states of america",
        "america",
        "美利坚合众国",
    ),
    "IE": ("eire", "republic of ireland"),
    "ZA": ("rsa",),
    "CN": ("prc", "p.r. china", "mainland china", "中华人民共和国", "中国大陆"),
    "HK": ("hong kong", "hongkong", "香港"),
    "MO": ("macau", "macao", "澳门"),
    "TW": ("taiwan", "台湾", "臺灣"),
    "KR": ("korea", "south korea", "republic of korea"),
    "KP": ("north korea",),
    "RU": ("russian federation",),
    "NL": ("holland", "the netherlands"),
    "CZ": ("czech republic", "tschechische republik"),
    "TR": ("turkey", "türkei"),
    "AE": ("uae", "emirates"),
    "MM": ("burma",),
    "CI": ("ivory coast",),
    "CV": ("cape verde",),
    "SZ": ("swaziland",),
    "MK": ("macedonia",),
    "VN": ("viet nam",),
    "IR": ("iran, islamic republic of",),
    "SY": ("syrian arab republic",),
    "LA": ("lao people's democratic republic",),
    "MD": ("republic of moldova",),
    "BN": ("brunei darussalam",),
    "DE": ("brd", "federal republic of germany"),
}
_CURRENCY_ALIASES = {
    "CNY": ("rmb", "人民币", "元", "cn¥", "renminbi"),
    "EUR": ("€", "euro"),
    "GBP": ("£", "pound sterling"),
    "USD": ("us$", "usd$", "美元", "us dollar"),
    "JPY": ("jp¥", "日元"),
    "INR": ("₹",),
    "KRW": ("₩",),
    "RUB": ("₽",),
    "TRY": ("₺",),
    "CHF": ("sfr", "sfr."),
    "HKD": ("hk$",),
    "AUD": ("a$", "au$"),
    "CAD": ("c$", "ca$"),
    "PLN": ("zł",),
}
_AMBIGUOUS = frozenset({"$", "¥", "kr", "kr.", "dollar", "dollars", "pound", "franc"})


def country(cells: pa.Array) -> Parsed:
    """ISO 3166-1 alpha-2 codes, from names or codes; “Unspecified” is blank."""

    def read(cell: str) -> str | Reason | None:
        word = _folded(cell)
        if word in _NOTHING:
            return None
        return countries().get(word, Reason.NOT_A_COUNTRY)

    return by_distinct(trimmed(one_array(cells)), read, pa.string())


def currency(cells: pa.Array) -> Parsed:
    """ISO 4217 codes, from codes, names or unmistakable signs."""

    def read(cell: str) -> str | Reason:
        word = _folded(cell)
        if word in _AMBIGUOUS:
            return Reason.AMBIGUOUS_CURRENCY
        return currencies().get(word, Reason.NOT_A_CURRENCY)

    return by_distinct(trimmed(one_array(cells)), read, pa.string())


def language(cells: pa.Array) -> Parsed:
    """Language codes such as en, zh or pt_BR, from codes or names."""

    def read(cell: str) -> str | Reason:
        word = _folded(cell).replace("-", "_")
        if code := languages().get(word):
            return code
        base, _line, region = word.partition("_")
        known = base in languages().values() and region.upper() in countries().values()
        return f"{base}_{region.upper()}" if known else Reason.NOT_A_LANGUAGE

    return by_distinct(trimmed(one_array(cells)), read, pa.string())


def phone(cells: pa.Array, home: str | None = None) -> Parsed:
    """Phone numbers in E.164; `home` is the country of those without +, by ISO code.

    An extension is not part of E.164: keep the cell beside the value where it counts.
    """
    from phonenumbers import (
        NumberParseException,
        PhoneNumberFormat,
        format_number,
        is_possible_number,
        parse,
    )

    def read(cell: str) -> str | Reason:
        try:
            number = parse(cell, home)
        except NumberParseException:
            return Reason.NOT_A_PHONE
        if not is_possible_number(number):
            return Reason.NOT_A_PHONE
        return str(format_number(number, PhoneNumberFormat.E164))

    facts = {"country": home or "+…"}
    return by_distinct(trimmed(one_array(cells)), read, pa.string(), facts)


@cache
def countries() -> dict[str, str]:
    """Names and codes of countries, folded → ISO alpha-2."""
    from babel import Locale
    from babel.core import get_global

    codes = {
        code
        for code in Locale("en").territories
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }
    names = {
        _folded(str(name)): code
        for locale in reversed(_LOCALES)
        for code, name in Locale.parse(locale).territories.items()
        if code in codes
    }
    longer = {
        _folded(alias): targets[0]
        for alias, targets in get_global("territory_aliases").items()
        if len(alias) == 3 and len(targets) == 1 and targets[0] in codes
    }
    aliases = {
        _folded(a): code for code, all_ in _COUNTRY_ALIASES.items() for a in all_
    }
    return longer | names | aliases | {code.lower(): code for code in codes}


@cache
def currencies() -> dict[str, str]:
    """Names and codes of currencies, folded → ISO 4217."""
    from babel import Locale

    names = {
        _folded(str(name)): code
        for locale in reversed(_LOCALES)
        for code, name in Locale.parse(locale).currencies.items()
    }
    aliases = {
        _folded(a): code for code, all_ in _CURRENCY_ALIASES.items() for a in all_
    }
    return names | aliases | {code.lower(): code for code in Locale("en").currencies}


@cache
def languages() -> dict[str, str]:
    """Names and codes of languages, folded → the code as Babel writes it."""
    from babel import Locale

    names = {
        _folded(str(name)).replace("-", "_"): code
        for locale in reversed(_LOCALES)
        for code, name in Locale.parse(locale).languages.items()
    }
    return names | {code.lower(): code for code in Locale("en").languages}


def _folded(name: str) -> str:
    """Without case, dots at the end, and “&” for “and”."""
    return " ".join(name.casefold().replace("&", " and ").split())
