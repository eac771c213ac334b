"""The header of a file → which column is which field, as a suggestion."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from crm.services.imports.synonyms import listed
from crm.services.imports.targets import TARGETS, Target

OWN_NAME = 1.0
SYNONYM = 0.95
WITHOUT_BRACKETS = 0.9  # “Price (EUR)” for “Price”
SIMILAR = 0.85
"""The least confidence of a suggestion: that share of the letters must agree."""

_SHORTEST_SIMILAR = 5  # below, one letter makes another word


@dataclass(frozen=True)
class Suggestion:
    """`column` of the file is probably `field`; `confidence` is 0 to 1."""

    column: str
    field: str
    confidence: float


def suggest(header: Sequence[str], target: Target) -> list[Suggestion]:
    """The likely fields, in the order of the columns; each column and field once.

    A name or label of the field itself counts more than a synonym, that more than a
    similar spelling; among equals the synonym named first wins, then the first column.
    """
    known = _known(target.name, tuple((f.name, f.label) for f in target.fields))
    exact = [_exact(column, place, known) for place, column in enumerate(header)]
    found = [each for candidates in exact for each in candidates]
    unknown = [place for place, candidates in enumerate(exact) if not candidates]
    found += _similar([(place, header[place]) for place in unknown], known)
    return [
        Suggestion(header[place], field, confidence)
        for place, field, confidence in sorted(_each_once(found))
    ]


def likely_target(header: Sequence[str]) -> Target | None:
    """The target whose required fields are all there, and which explains most."""
    fits = {}
    for target in TARGETS.values():
        fields = {suggestion.field for suggestion in suggest(header, target)}
        if fields.issuperset(target.required):
            share_of_fields = len(fields) / len(target.fields)
            fits[target.name] = share_of_fields + len(fields) / len(header)
    return TARGETS[max(fits, key=lambda name: fits[name])] if fits else None


def fingerprint(name: str) -> str:
    """`name` by its letters and digits alone: no case, accents, spaces or signs."""
    letters = unicodedata.normalize("NFKD", name.removesuffix("__c")).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


@dataclass(frozen=True)
class _Name:
    """One way to call a field: `rank` grows with each next synonym."""

    field: str
    confidence: float
    rank: int


_Names = dict[str, list[_Name]]
_Candidate = tuple[float, int, int, str]  # −confidence, rank, column, field


@cache
def _known(target: str, fields: tuple[tuple[str, str], ...]) -> _Names:
    """All fingerprints of names of the fields, each given by its name and label."""
    names: _Names = {}
    for field, label in fields:
        own = [(field, OWN_NAME), (label, OWN_NAME)]
        others = [(name, SYNONYM) for name in listed(target, field)]
        for rank, (name, confidence) in enumerate(own + others):
            known = names.setdefault(fingerprint(name), [])
            if field not in {each.field for each in known}:
                known.append(_Name(field, confidence, rank))
    return names


def _exact(column: str, place: int, known: _Names) -> list[_Candidate]:
    """Fields that are called just like `column`, or like it without its brackets."""
    for name, most in ((column, 1.0), (_bare(column), WITHOUT_BRACKETS)):
        if names := known.get(fingerprint(name), []):
            return [
                (-min(most, each.confidence), each.rank, place, each.field)
                for each in names
            ]
    return []


def _bare(column: str) -> str:
    return re.sub(r"[(\[（【].*?[)\]）】]", "", column)


def _similar(columns: list[tuple[int, str]], known: _Names) -> list[_Candidate]:
    """Fields whose names differ in a few letters only."""
    from rapidfuzz import fuzz, process

    names = [name for name in known if len(name) >= _SHORTEST_SIMILAR]
    found: list[_Candidate] = []
    for place, column in columns:
        asked = fingerprint(column)
        if len(asked) < _SHORTEST_SIMILAR:
            continue
        for name, score, _place in process.extract(
            asked, names, scorer=fuzz.ratio, score_cutoff=SIMILAR * 100, limit=3
        ):
            if name.endswith("id") == asked.endswith("id"):  # an id is another thing
                confidence = min(score / 100, WITHOUT_BRACKETS)
                found += [(-confidence, n.rank, place, n.field) for n in known[name]]
    return found


def _each_once(found: list[_Candidate]) -> Iterable[tuple[int, str, float]]:
    """The best of them, no column and no field twice."""
    places: set[int] = set()
    fields: set[str] = set()
    for confidence, _rank, place, field in sorted(found):
        if place not in places and field not in fields:
            places.add(place)
            fields.add(field)
            yield place, field, -confidence
