"""What the layer contracts in pyproject.toml cannot say: pages stay thin views."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm.ui.navigation import SECTIONS

ROOT = Path(__file__).parents[1]
PAGES = sorted(ROOT.glob("pages/**/*.py"))
ALLOWED = {"crm", "datetime", "pandas", "plotly", "streamlit"}


def imported(tree: ast.AST) -> Iterator[str]:
    """The top-level names of all modules that a file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]
        elif isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_a_thin_view(page: Path) -> None:
    source = page.read_text("utf-8")
    tree = ast.parse(source)

    assert ast.get_docstring(tree), "say in one line what the page is for"
    assert len(source.splitlines()) <= 80, "move logic to crm.services or crm.ui"
    assert set(imported(tree)) <= ALLOWED
    assert not any(isinstance(node, ast.ClassDef) for node in ast.walk(tree))


def test_pages_lie_in_areas() -> None:
    """Streamlit serves pages/*.py without the entry script, and so without sign-in."""
    assert PAGES
    assert not list(ROOT.glob("pages/*.py"))


def test_every_page_is_in_the_navigation_and_is_there() -> None:
    known = {spec.file for specs in SECTIONS.values() for spec in specs}

    assert known == {page.relative_to(ROOT / "pages").as_posix() for page in PAGES}


def test_no_address_leads_to_two_pages() -> None:
    slugs = [spec.slug for specs in SECTIONS.values() for spec in specs]

    assert len(slugs) == len(set(slugs))


@pytest.mark.parametrize("folder", ["crm", "pages"])
@pytest.mark.slow
def test_nothing_asks_streamlit_to_take_text_as_html(folder: str) -> None:
    asked = [
        path.name
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html"
    ]

    assert asked == []


@pytest.mark.slow
def test_no_box_drops_a_text_that_is_pasted() -> None:
    """Streamlit would without a word, where it is longer than `max_chars`: a service
    says how long a text may be.
    """
    limited = {
        path.relative_to(ROOT).as_posix()
        for folder in ("crm/ui", "pages")
        for path in (ROOT / folder).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).endswith((".text_input", ".text_area"))
        and any(one.arg == "max_chars" for one in call.keywords)
    }

    assert limited == set()


@pytest.mark.slow
def test_a_day_is_asked_for_by_the_field_that_takes_any_year() -> None:
    """Streamlit's own takes no day more than ten years from where it begins."""
    asking = {
        path.relative_to(ROOT).as_posix()
        for folder in ("crm/ui", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if "st.date_input(" in ast.unparse(ast.parse(path.read_text("utf-8")))
    }

    assert asking == {"crm/ui/day_input.py"}


def test_columns_of_days_and_times_are_those_that_keep_to_the_company() -> None:
    """Streamlit's own “localized” goes by the clock of the browser."""
    asking = {
        path.relative_to(ROOT).as_posix()
        for folder in ("crm/ui", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"Date(time)?Column\b", path.read_text("utf-8"))
    }

    assert asking == {"crm/ui/format.py"}
