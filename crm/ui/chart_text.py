"""Plotly reads a little HTML in every text: what people typed must not be read so."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np

_TEMPLATES = {"hovertemplate", "texttemplate"}
_NOT_OURS = re.compile(r"<(?!/?(?:br|b|i|extra)\s*/?>)")
_ENTITY = re.compile(r"&(?=#?\w+;)")


def harmless(figure: dict[str, Any]) -> dict[str, Any]:
    """A figure (as Plotly's nested dicts) with markup made plain text.

    Data loses all of it. Templates and the layout, which pages write, keep line
    breaks, bold and italics, but no links, styles or images.
    """
    return {
        part: _each_text(value, _data if part == "data" else _written)
        for part, value in figure.items()
    }


def _each_text(part: Any, treat: Callable[[str], str]) -> Any:
    if isinstance(part, str):
        return treat(part)
    if isinstance(part, dict):
        return {
            key: _each_text(value, _written if key in _TEMPLATES else treat)
            for key, value in part.items()
        }
    if isinstance(part, list | tuple):
        return [_each_text(value, treat) for value in part]
    if isinstance(part, np.ndarray) and part.dtype.kind in "OU":
        return _each_text(part.tolist(), treat)
    return part


def _data(text: str) -> str:
    return _ENTITY.sub("&amp;", text).replace("<", "&lt;")


def _written(text: str) -> str:
    return _NOT_OURS.sub("&lt;", text)
