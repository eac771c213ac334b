"""Every text is translated, and its placeholders survive the translation."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from crm import i18n

ROOT = Path(__file__).parents[1]
TRANSLATED = [code for code in i18n.LANGUAGES if code != "en"]


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    """Each text in the source, and where it is said first."""
    texts: dict[str, str] = {}
    for folder in ("crm", "pages"):
        for file, line, text, *_ in extract_from_dir(ROOT / folder):
            key = text if isinstance(text, str) else text[0]
            texts.setdefault(key, f"{folder}/{file}:{line}")
    return texts


@pytest.mark.slow
def test_no_text_stands_where_it_is_not_found() -> None:
    """Babel does not look into the braces of an f-string."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for folder in ("crm", "pages")
        for path in (ROOT / folder).rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("_", "N_", "ngettext")
        and isinstance(call.args[0], ast.Constant)
    ]

    assert hidden == []


def catalog(code: str) -> Catalog:
    with (ROOT / f"crm/locale/{code}.po").open("rb") as file:
        return read_po(file, locale=code)


def forms(message: Message) -> Iterator[tuple[str, str]]:
    """Pairs of source and translation; a plural is compared with its general form."""
    source = message.id if isinstance(message.id, str) else message.id[-1]
    texts = message.string if isinstance(message.string, tuple) else [message.string]
    return ((source, text) for text in texts)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", TRANSLATED)
@pytest.mark.slow
def test_no_text_lacks_its_translation(code: str, said: dict[str, str]) -> None:
    translated = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalog(code)
        if message.id and all(text for _, text in forms(message)) and not message.fuzzy
    }

    missing = [
        f"{place} {text!r}" for text, place in said.items() if text not in translated
    ]

    assert not missing, "run `make messages`, then translate:\n" + "\n".join(missing)


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_translation_is_a_guess(code: str) -> None:
    assert [
        message.id for message in catalog(code) if message.id and message.fuzzy
    ] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_placeholders_are_the_same_in_a_translation(code: str) -> None:
    differing = [
        (source, text)
        for message in catalog(code)
        if message.id
        for source, text in forms(message)
        if text and placeholders(source) != placeholders(text)
    ]

    assert differing == []


def test_a_text_is_shown_in_the_language_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale/zh_CN.po").write_text(
        'msgid "Customers"\nmsgstr "客户"\n', encoding="utf-8"
    )
    monkeypatch.setattr(i18n, "__file__", str(tmp_path / "i18n.py"))
    i18n._catalog.cache_clear()

    with i18n.language("zh_CN"):
        shown = i18n._("Customers")

    i18n._catalog.cache_clear()
    assert (shown, i18n._("Customers")) == ("客户", "Customers")


def test_an_unknown_language_means_english() -> None:
    with i18n.language("xx"):
        assert i18n.current() == "en"


def test_the_empty_text_stays_empty() -> None:
    with i18n.language("zh_CN"):
        assert i18n._("") == ""
