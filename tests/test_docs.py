"""The guide names what there is, and every link in the documents leads somewhere."""

import re
import tomllib
from pathlib import Path

import pytest

from crm import config
from crm.ui.navigation import SECTIONS

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs/user-guide"
TEXTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def guide() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in GUIDE.glob("*.md"))


@pytest.mark.parametrize(
    "title", [page.title for pages in SECTIONS.values() for page in pages]
)
def test_every_page_has_its_section_in_the_guide(title: str) -> None:
    assert f"\n## {title}\n" in guide()


def test_every_setting_is_in_the_guide() -> None:
    source = Path(config.__file__).read_text(encoding="utf-8")

    unnamed = {
        name for name in re.findall(r'"(CRM_\w+)"', source) if name not in guide()
    }

    assert unnamed == set()


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_links_lead_somewhere(text: Path) -> None:
    targets = LINK.findall(text.read_text(encoding="utf-8"))

    assert [link for link in targets if not (text.parent / link).exists()] == []


@pytest.mark.parametrize(
    "text", sorted(ROOT.glob("docs/decisions/*.md")), ids=lambda path: path.name
)
def test_a_decision_is_short(text: Path) -> None:
    assert len(text.read_text(encoding="utf-8").splitlines()) <= 40


def test_the_licence_is_the_one_that_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    words = " ".join((ROOT / "LICENSE").read_text(encoding="utf-8").split())
    assert words.startswith("GNU AFFERO GENERAL PUBLIC LICENSE Version 3")
    assert project["project"]["license"] == "AGPL-3.0-or-later"
