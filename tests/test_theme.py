"""The colours of `.streamlit/config.toml` can be read, and told apart by everyone."""

import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

CONFIG = tomllib.loads(
    (Path(__file__).parents[1] / ".streamlit/config.toml").read_text(encoding="utf-8")
)
MODES = ("light", "dark")

# How eyes without one kind of cone see linear RGB: Machado, Oliveira and Fernandes
# (2009), table of severity 1.0.
EYES = {
    "all three": np.eye(3),
    "no long": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no middle": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "no short": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
# Linear RGB to Oklab: Ottosson (2020).
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    curved = ((channels + 0.055) / 1.055) ** 2.4
    return np.where(channels <= 0.04045, channels / 12.92, curved)


def contrast(one: str, other: str) -> float:
    """Contrast ratio after WCAG 2.2, 1 to 21."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    dark, light = sorted(float(linear(colour) @ weights) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def distance(one: str, other: str, eye: np.ndarray) -> float:
    """Distance in Oklab, as `eye` sees both."""
    seen = (np.clip(eye @ linear(colour), 0, 1) for colour in (one, other))
    first, second = (TO_LAB @ np.cbrt(TO_CONES @ light) for light in seen)
    return float(np.linalg.norm(first - second))


def test_black_on_white_has_the_known_contrast() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("ink", ["textColor", "linkColor", "codeTextColor"])
@pytest.mark.parametrize("paper", ["backgroundColor", "secondaryBackgroundColor"])
def test_text_can_be_read(mode: str, ink: str, paper: str) -> None:
    colours = CONFIG["theme"][mode]

    assert contrast(colours[ink], colours[paper]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_the_white_label_of_a_primary_button_can_be_read(mode: str) -> None:
    assert contrast(CONFIG["theme"][mode]["primaryColor"], "#FFFFFF") >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_what_is_chosen_stands_out_from_the_page(mode: str) -> None:
    colours = CONFIG["theme"][mode]

    assert contrast(colours["primaryColor"], colours["backgroundColor"]) >= 3


@pytest.mark.parametrize("mode", MODES)
def test_series_stand_out_from_the_page(mode: str) -> None:
    colours = CONFIG["theme"][mode]
    page = colours["backgroundColor"]

    assert min(contrast(c, page) for c in colours["chartCategoricalColors"][:8]) >= 3


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("eye", EYES)
def test_no_two_series_look_alike(mode: str, eye: str) -> None:
    series = CONFIG["theme"][mode]["chartCategoricalColors"][:8]

    closest = min(
        distance(one, other, EYES[eye]) for one, other in combinations(series, 2)
    )

    assert closest >= 0.08


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "scale",
    ["chartCategoricalColors", "chartSequentialColors", "chartDivergingColors"],
)
def test_a_chart_never_asks_for_a_colour_that_is_missing(mode: str, scale: str) -> None:
    assert len(CONFIG["theme"][mode][scale]) == 10


def test_a_chart_s_numbers_grow_from_the_page_to_the_ink() -> None:
    steps = CONFIG["theme"]["light"]["chartSequentialColors"]

    falling = [contrast(step, "#000000") for step in steps]

    assert falling == sorted(falling, reverse=True)


@pytest.mark.parametrize("face", CONFIG["theme"]["fontFaces"])
def test_a_font_that_is_named_is_there(face: dict[str, str]) -> None:
    served = Path(__file__).parents[1] / "crm/ui/static"

    assert (served / face["url"].removeprefix("app/static/")).is_file()
