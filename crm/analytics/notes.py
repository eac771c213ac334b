"""Words that travel with a result and are put into the reader's language when shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crm.i18n import _


@dataclass(frozen=True)
class Note:
    """A sentence marked with `N_` and the values of its placeholders.

    A result is computed once, perhaps for readers of several languages; so it
    keeps the source text, and `str(note)` speaks the language of whoever asks.
    Values that are text (names of measures) are translated too.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        values = {
            name: _(value) if isinstance(value, str) else value
            for name, value in self.values.items()
        }
        return _(self.text).format(**values)
