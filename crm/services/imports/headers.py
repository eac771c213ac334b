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
FOR_WANT_OF_BETTER = 0.9  # “Product” for the SKU, which is required
SIMILAR = 0.85
"""The least confidence of a suggestion: that share of the letters must agree."""

_SHORTEST_SIMILAR = 5  # below, one letter makes another word
_LEAST_FIT = 0.7  # of a target that lacks a required field, see `likely_target`
_NUMBER = re.compile(r"nummer|numero|number|nr$")


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
    A required field that would get none takes a column from one that is not required.
    """
    known = _known(target.name, tuple((f.name, f.label) for f in target.fields))
    exact = [_exact(column, place, known) for place, column in enumerate(header)]
    found = [each for candidates in exact for each in candidates]
    unknown = [place for place, candidates in enumerate(exact) if not candidates]
    found += _similar([(place, header[place]) for place in unknown], known)
    chosen = list(_each_once(found, frozenset()))
    lacking = frozenset(target.required) - {field for _place, field, _sure in chosen}
    if lacking:
        chosen = list(_each_once(found, lacking))
    return [
        Suggestion(header[place], field, confidence)
        for place, field, confidence in sorted(chosen)
    ]


def likely_target(header: Sequence[str]) -> Target | None:
    """The target that explains most of the columns, and has most of its fields there.

    A required field that is not there speaks against it, but is no proof: orders
    without a price are still no products.
    """
    fits = {}
    for target in TARGETS.values():
        fields = {suggestion.field for suggestion in suggest(header, target)}
        explained = len(fields) / len(header) + len(fields) / len(target.fields)
        lacking = set(target.required) - fields
        fit = explained - len(lacking) / len(target.required)
        if not lacking or fit >= _LEAST_FIT:
            fits[target.name] = fit
    return TARGETS[max(fits, key=lambda name: fits[name])] if fits else None


def fingerprint(name: str) -> str:
    """`name` by its letters and digits alone: no case, accents, spaces or signs.

    However a number is called, it is “no”: Kunden-Nr., Número de cliente, N° client.
    """
    plain = name.removesuffix("__c").replace("°", "o")
    letters = unicodedata.normalize("NFKD", plain).casefold()
    return _NUMBER.sub("no", "".join(filter(str.isalnum, letters)))


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


def _each_once(
    found: list[_Candidate], first: frozenset[str]
) -> Iterable[tuple[int, str, float]]:
    """The best of them, no column and no field twice; the fields of `first` choose
    before the others.
    """
    places: set[int] = set()
    fields: set[str] = set()
    for confidence, _rank, place, field in sorted(
        found, key=lambda one: (one[-1] not in first, one)
    ):
        if place not in places and field not in fields:
            places.add(place)
            fields.add(field)
            most = FOR_WANT_OF_BETTER if field in first else OWN_NAME
            yield place, field, min(-confidence, most)
