"""Texts taken from lists, for a million rows at a time."""

import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

Lists = Sequence[Sequence[str]]


def pick(values: Any, places: Any) -> pd.Series:
    """The texts at `places` of one list."""
    return pd.Series(values, dtype="str").take(places).reset_index(drop=True)


def pick_from(lists: Lists, which: Any, places: Any) -> pd.Series:
    """The texts at `places` of the lists `which`."""
    return pick(
        [text for values in lists for text in values], starts(lists)[which] + places
    )


def drawn(lists: Lists, which: Any, rng: Any) -> pd.Series:
    """A text at random from each of the lists `which`."""
    places = (rng.random(len(which)) * lengths(lists)[which]).astype(int)
    return pick_from(lists, which, places)


def dealt(lengths: Any, which: Any, rng: Any) -> tuple[Any, Any]:
    """Places in the lists `which`, none twice before all of a list are dealt.

    Returns:
        The place in the list, and how often all of it had been dealt before.
    """
    turn = pd.Series(which).groupby(which).cumcount().to_numpy()
    order = np.concatenate([rng.permutation(length) for length in lengths])
    start = np.cumsum(lengths) - lengths
    length = np.asarray(lengths)[which]
    return order[start[which] + turn % length], turn // length


def lengths(lists: Sequence[Sequence[Any]]) -> Any:
    return np.array([len(values) for values in lists])


def starts(lists: Lists) -> Any:
    return lengths(lists).cumsum() - lengths(lists)


def blanked(texts: pd.Series, share: float, rng: Any) -> pd.Series:
    """`texts`, a `share` of them left empty, as people leave fields empty."""
    return texts.mask(rng.random(len(texts)) < share, "")


def spelt(word: str) -> tuple[str, str]:
    """A word of the lists as it is written, and in small ASCII letters."""
    text, _colon, latin = word.partition(":")
    return text.replace("_", " "), ascii_letters(latin or text)


def ascii_letters(text: str) -> str:
    """`text` as it may stand in an e-mail address."""
    plain = text.lower().replace("ß", "ss").replace("œ", "oe")
    for umlaut, letters in {"ä": "ae", "ö": "oe", "ü": "ue"}.items():
        plain = plain.replace(umlaut, letters)
    folded = unicodedata.normalize("NFKD", plain)
    kept = "".join(c for c in folded if c.isascii() and (c.isalnum() or c in "-_ "))
    return kept.replace("_", "-").replace(" ", "-")
