"""What axe-core finds on a page, wide and narrow, light and dark."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

from tests.browser.serving import settle

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
# All nodes of what is found, one of what is kept: it takes a third of the time.
EVERYTHING = "{resultTypes: ['violations']}"
# Once the layout has been looked at, the other scheme differs in its colours alone.
COLOURS = (
    "{runOnly: ['color-contrast', 'link-in-text-block'], resultTypes: ['violations']}"
)
AT_ONCE = (
    "*, ::before, ::after {transition: none !important; animation: none !important}"
)
LOOKS = (
    (1280, "light", EVERYTHING),
    (390, "light", EVERYTHING),
    (390, "dark", COLOURS),
    (1280, "dark", COLOURS),
)
FRESH = "() => !document.querySelector('[data-stale=true]')"


def serious(page: Page) -> set[str]:
    """What axe-core finds serious or critical, in any of the looks."""
    page.add_style_tag(content=AT_ONCE)
    page.evaluate(AXE)
    found = set()
    for width, scheme, options in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # light, dark
        page.wait_for_timeout(100)
        _settled(page)
        seen: Any = page.evaluate(f"axe.run(document, {options})")
        assert seen["passes"], "axe-core has looked at nothing"
        found |= {
            f"{rule['id']} at {width} px, {scheme}: {node['html'][:300]}"
            for rule in seen["violations"]
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        }
    return found


def _settled(page: Page) -> None:
    """A change of colours runs the script again; what stands is dimmed meanwhile."""
    if page.locator("[data-testid=stApp]").count():
        settle(page)
        page.wait_for_function(FRESH)
