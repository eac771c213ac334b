"""What can go wrong by the rules of the business.

Services and analytics raise these, with a text fit to show to a user, in the
language of whoever asked. Each edge translates them once: `crm.api.errors` into
an HTTP status, `crm.ui.feedback` into a message on the page.
"""

from crm.i18n import _


class CRMError(Exception):
    """Base of every expected failure; its text is fit to show to a user."""

    @property
    def words(self) -> str:
        """The text as it was made: `str(error)` has forgotten its source."""
        return self.args[0] if self.args else ""


class NotFound(CRMError):
    """The record `key` of `entity` does not exist, or not for whoever asks."""

    def __init__(self, entity: type, key: object) -> None:
        self.entity, self.key = entity, key
        name = getattr(entity, "__label__", entity.__name__)
        super().__init__(
            _("{name} {key} does not exist.").format(name=_(name), key=key)
        )


class Invalid(CRMError):
    """What was sent does not fit; `field` names the culprit where there is one."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class RuleBroken(CRMError):
    """The request is well formed, but the state of the record forbids it."""


class Duplicate(RuleBroken):
    """A record with the same identifying value is there already."""


class Stale(CRMError):
    """The record has changed since it was read; nothing was saved."""


class Forbidden(CRMError):
    """Whoever asks has no right to do this."""


class NotSignedIn(CRMError):
    """Nobody is signed in, or the session has ended."""


class TooMany(CRMError):
    """Asked too often; `retry_after` says in how many seconds to try again."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotEnoughData(CRMError):
    """An analysis was asked of fewer rows than it can stand on."""


class Unavailable(CRMError):
    """A part of the system does not answer now; nothing was saved."""
