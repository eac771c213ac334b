"""Lists in the order of ids: the cursor names the last record that was answered."""

import base64
from collections.abc import Sequence

from crm.api.deps import plain
from crm.api.resources import Listed
from crm.errors import Invalid
from crm.i18n import _
from crm.models import Record


def after(cursor: str) -> int:
    """The id behind which a page begins.

    Raises:
        Invalid: the cursor is none of ours.
    """
    words = _("The filter or the cursor cannot be read.")
    try:
        last = int(base64.urlsafe_b64decode(cursor)) if cursor else 0
    except ValueError as error:
        raise Invalid(words, field="cursor") from error
    if not 0 <= last < 2**63:  # no database has such an id
        raise Invalid(words, field="cursor")
    return last


def page(rows: Sequence[Record], *, total: int, limit: int) -> Listed:
    """The first `limit` of `rows`, of which one more was read."""
    more = len(rows) > limit
    last = base64.urlsafe_b64encode(str(rows[limit - 1].id).encode()) if more else b""
    return Listed(
        items=[plain(row) for row in rows[:limit]],
        total=total,
        capped=False,
        next=last.decode() or None,
    )
