"""What a user settles about an import before it runs: target, format, columns."""

from dataclasses import replace
from typing import Any

from sqlmodel import Session

from crm import db
from crm.errors import Invalid, RuleBroken
from crm.i18n import LANGUAGES, _, language
from crm.models import ImportRun, ImportState
from crm.services.fields import fields_of
from crm.services.imports import reading, stored, uploads
from crm.services.imports.choices import Choices
from crm.services.imports.fillable import allowed, whole_target
from crm.services.imports.formats import Chosen, FileFormat
from crm.services.imports.headers import Suggestion, suggest
from crm.services.imports.permissible import check
from crm.services.imports.results import Import, Upload
from crm.services.imports.tables import unique_names
from crm.services.imports.targets import OPPORTUNITIES, TARGETS, Target
from crm.services.sales import pipelines

MOST_SKIPPED = 1_000


def start(session: Session, upload: Upload, target: str | None = None) -> Import:
    """Begin the import of an uploaded file into `target`, or the likely one.

    Raises:
        Invalid: there is no such target, or none is likely.
        Forbidden: the actor may not import such records.
        NotFound: the file is not there, is somebody else's, or an import has taken it.
    """
    actor = db.actor_of(session)
    if (name := target or upload.likely) is None:
        raise Invalid(_("Choose what the rows are."), field="target")
    whole_target(session, name)
    _prepare(session, name)
    uploads.check_own(actor, upload.file_key)
    db.alone(session, "import_file")
    stored.check_free(session, upload.file_key)
    run = ImportRun(
        target=name,
        file_name=uploads.shown_name(upload.file_name),
        file_key=upload.file_key,
        settings=stored.fresh(upload.form),
        owner_id=actor.user_id,
    )
    session.add(run)
    session.flush()
    return stored.shown(session, run)


def targets(session: Session) -> list[Target]:
    """What the actor may import, each as `target` gives it."""
    actor = db.actor_of(session)
    mine = [t.name for t in TARGETS.values() if actor.may(stored.IMPORT, t.entity)]
    return [target(session, name) for name in mine]


def target(session: Session, name: str) -> Target:
    """A target with the fields that the actor may fill: custom ones (x_…) included,
    restricted ones (the owner) only for those who may set them.

    Labels are in English, to be shown by `_()`; those of custom fields are as typed.

    Raises:
        Invalid: there is no such target.
        Forbidden: the actor may not import such records.
    """
    return allowed(db.actor_of(session), whole_target(session, name))


def choose_target(session: Session, import_id: int, name: str) -> Import:
    """The rows are something else, from now on. What was chosen for columns and what a
    check has found is dropped; how the file is read stays, and so do fixes.

    Raises:
        NotFound: there is no such import, or it is somebody else's.
        Invalid: there is no such target.
        Forbidden: the actor may not import such records.
        RuleBroken: it runs, or has been run.
    """
    run = stored.open_run(session, import_id)
    whole_target(session, name)
    _prepare(session, name)
    if name == run.target:
        return stored.shown(session, run)
    run.target = name
    run.counts = {}  # of a check of something else
    return stored.settle(session, run, {"choices": None})


def read_as(session: Session, import_id: int, chosen: Chosen) -> FileFormat:
    """What the file is when read as `chosen`: header, first rows, notes.

    For a preview, in a reading session. `Chosen` names encoding (a key of
    `encodings.ENCODINGS`), delimiter, sheet, rows to skip, whether there is a header.

    Raises:
        NotFound: there is no such import, or it is somebody else's.
        Invalid: it cannot be read in this way.
    """
    run = stored.run(session, import_id)
    if not 0 <= chosen.skip <= MOST_SKIPPED:
        words = _("Between 0 and {most} rows are skipped.")
        raise Invalid(words.format(most=f"{MOST_SKIPPED:,}"), field="skip")
    return reading.sniff(uploads.path_of(run), chosen, max_bytes=uploads.limit())


def choose_format(session: Session, import_id: int, form: FileFormat) -> Import:
    """Read the file as `form`, from `read_as`, from now on. What was chosen for columns
    that are gone is dropped, and all fixes.

    Raises:
        NotFound: there is no such import, or it is somebody else's.
        RuleBroken: it runs, or has been run.
    """
    run = stored.open_run(session, import_id)
    changes: dict[str, Any] = {"form": stored.plain_form(form), "fixes": []}
    if (chosen := stored.choices_of(run)) is not None:
        changes["choices"] = _within(chosen, form.header).plain()
    return stored.settle(session, run, changes)


def suggested(session: Session, import_id: int) -> list[Suggestion]:
    """Which column is probably which field, by the header, in any of our languages; see
    `headers.suggest`."""
    run = stored.run(session, import_id)
    known = target(session, run.target)
    header = stored.form_of(run).header
    names = header[1:] if _is_ours(session, known.entity, header) else header
    found: dict[str, Suggestion] = {}
    for code in LANGUAGES:
        for each in suggest(names, _spoken(known, code)):
            other = found.setdefault(each.column, each)
            if each.confidence > other.confidence:
                found[each.column] = each
    return _each_field_once([found[c] for c in names if c in found])


def proposed(session: Session, import_id: int) -> Choices:
    """Choices to begin with: suggested columns, best match key that is among them."""
    run = stored.run(session, import_id)
    mapping = {s.column: s.field for s in suggested(session, import_id)}
    keys = [k for k in TARGETS[run.target].match_keys if k in mapping.values()]
    return Choices(mapping=mapping, match_key=keys[0] if keys else "")


def choose(session: Session, import_id: int, choices: Choices) -> Import:
    """Settle how rows become records.

    Raises:
        NotFound: there is no such import, or it is somebody else's.
        Invalid: a column or field that there is not, a field that is mapped twice, a
            required field without a column, a match key without a column, an unknown
            zone, country or currency; `field` names the field or column.
        Forbidden: a field that the actor may not fill, records that the actor may not
            make or change.
        RuleBroken: the file holds no row, or it runs, or has been run.
    """
    run = stored.open_run(session, import_id)
    stored.check_rows(run)
    whole = whole_target(session, run.target)
    check(db.actor_of(session), whole, stored.form_of(run).header, choices)
    return stored.settle(session, run, {"choices": choices.plain()})


def discard(session: Session, import_id: int) -> None:
    """Forget an import that has not been run, and its file.

    Raises:
        NotFound: there is none, or it is somebody else's.
        RuleBroken: it runs, or has been run; undo it instead.
    """
    run = stored.open_run(session, import_id)
    if run.state not in (ImportState.UPLOADED, ImportState.CHECKED):
        raise RuleBroken(_("This import has been run. Undo it instead."))
    uploads.forget(run)
    session.delete(run)
    session.flush()


def _prepare(session: Session, target: str) -> None:
    """Opportunities need a pipeline to go into; the first one is made by itself."""
    if target == OPPORTUNITIES.name:
        pipelines.ensure(session)


def _within(choices: Choices, header: tuple[str, ...]) -> Choices:
    there = set(header)
    kept: dict[str, Any] = {
        name: {k: v for k, v in getattr(choices, name).items() if k in there}
        for name in ("mapping", "numbers", "dates")
    }
    return replace(choices, **kept)


def _each_field_once(found: list[Suggestion]) -> list[Suggestion]:
    best: dict[str, Suggestion] = {}
    for each in found:
        if each.field not in best or each.confidence > best[each.field].confidence:
            best[each.field] = each
    return [each for each in found if best[each.field] is each]


def _spoken(known: Target, code: str) -> Target:
    with language(code):
        return replace(
            known, fields=tuple(replace(f, label=_(f.label)) for f in known.fields)
        )


def _is_ours(session: Session, entity: str, header: tuple[str, ...]) -> bool:
    """Whether a file of this app, in whatever language it was written: then its “id”
    is no id of another system.
    """
    labels = [field.label for field in fields_of(session, entity).values()]
    names: set[str] = set()
    for code in LANGUAGES:
        with language(code):
            names |= {*unique_names([*map(_, labels)])[0]}
    return header[0] == "id" and names.issuperset(header[1:])
