"""How imports are spoken of: targets, states, counts of rows, fields by label."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from crm.i18n import N_, _, ngettext
from crm.models import ImportState
from crm.services.imports import runs
from crm.services.imports.targets import Kind
from crm.ui.format import number

STATES: dict[ImportState, tuple[str, str, Any]] = {
    ImportState.UPLOADED: (N_("Not checked yet"), "upload_file", "gray"),
    ImportState.CHECKED: (N_("Checked"), "fact_check", "blue"),
    ImportState.RUNNING: (N_("Running"), "progress_activity", "blue"),
    ImportState.DONE: (N_("Done"), "check_circle", "green"),
    ImportState.UNDONE: (N_("Undone"), "undo", "gray"),
    ImportState.FAILED: (N_("Stopped"), "error", "red"),
}
TARGETS = {
    "customers": (N_("Customers"), "groups"),
    "contacts": (N_("Contacts"), "contacts"),
    "products": (N_("Products"), "inventory_2"),
    "orders": (N_("Orders with lines"), "receipt_long"),
    "leads": (N_("Leads"), "person_search"),
    "opportunities": (N_("Opportunities"), "handshake"),
}
TABLES = {  # of the report → how it is called, the list that shows it
    "customer": (N_("Customers"), "customers"),
    "contact": (N_("Contacts"), "contacts"),
    "product": (N_("Products"), "products"),
    "sales_order": (N_("Orders"), "orders"),
    "order_line": (N_("Order lines"), None),
    "lead": (N_("Leads"), "leads"),
    "opportunity": (N_("Opportunities"), "opportunities"),
    "stage": (N_("Stages"), None),
}
MODES = {
    runs.Mode.UPSERT: N_("Create and update"),
    runs.Mode.CREATE: N_("Only create"),
    runs.Mode.UPDATE: N_("Only update"),
}
POLICIES = {
    runs.Policy.OVERWRITE: N_("Overwrite"),
    runs.Policy.FILL: N_("Fill empty fields only"),
    runs.Policy.NEWER: N_("Keep what is newer"),
}
WITHOUT_CUSTOMER = {
    runs.WithoutCustomer.WALK_IN: N_("Give them to the walk-in customer"),
    runs.WithoutCustomer.SKIP: N_("Skip them"),
}
UNKNOWN_CUSTOMERS = {
    runs.UnknownCustomers.MAKE: N_("Make the customer"),
    runs.UnknownCustomers.WALK_IN: N_("Give them to the walk-in customer"),
    runs.UnknownCustomers.SKIP: N_("Skip them"),
}
MISSING_FIELDS = {
    runs.MissingFields.REFUSE: N_("They do not go in"),
    runs.MissingFields.KEEP: N_("They go in without it"),
}
UNKNOWN_PRODUCTS = {
    runs.UnknownProducts.MAKE: N_("Make the product"),
    runs.UnknownProducts.REFUSE: N_("Refuse the row"),
}
OUTCOMES = {
    runs.Outcome.FAILED: N_("Failed"),
    runs.Outcome.SKIPPED: N_("Skipped"),
    runs.Outcome.PARTLY: N_("Imported with a remark"),
}
KINDS = {
    Kind.TEXT: N_("Text"),
    Kind.LONG_TEXT: N_("Text with line breaks"),
    Kind.AMOUNT: N_("Number, up to four decimals"),
    Kind.WHOLE: N_("Whole number"),
    Kind.PERCENT: N_("Percentage"),
    Kind.DAY: N_("Date"),
    Kind.MOMENT: N_("Date, with or without a time"),
    Kind.YES_NO: N_("Yes or no"),
    Kind.CHOICE: N_("One of a few words"),
    Kind.CHOICES: N_("Some of a few words, with ; between"),
    Kind.EMAIL: N_("E-mail address"),
    Kind.PHONE: N_("Phone number"),
    Kind.LINK: N_("Web address"),
    Kind.COUNTRY: N_("Country"),
    Kind.CURRENCY: N_("Currency"),
    Kind.LANGUAGE: N_("Language"),
    Kind.TAGS: N_("Several words"),
}


def said(words: Mapping[Any, str]) -> dict[Any, str]:
    """The same in the user's language."""
    return {key: _(text) for key, text in words.items()}


def target(name: str) -> str:
    """What is imported, as the user calls it."""
    return _(TARGETS[name][0]) if name in TARGETS else name


def rows(count: int) -> str:
    """“3 rows”, in the user's language."""
    return ngettext("{n} row", "{n} rows", count).format(n=number(count))


def records(count: int) -> str:
    """“3 records”, in the user's language."""
    return ngettext("{n} record", "{n} records", count).format(n=number(count))


def sum_up(counts: runs.Counts) -> str:
    """The counts of a run as one sum, whose parts add up to the rows."""
    words = _(
        "{rows} = {created} created + {updated} updated + {skipped} skipped + "
        "{failed} failed"
    )
    return words.format(
        rows=rows(counts.rows),
        **{
            name: number(getattr(counts, name))
            for name in ("created", "updated", "skipped", "failed")
        },
    )


def fields(target: runs.Target) -> dict[str, str]:
    """Field → its label; where two would read the same, the name tells them apart."""
    labels = {field.name: _(field.label) for field in target.fields}
    often = Counter(labels.values())
    return {
        name: f"{label} ({name})" if often[label] > 1 else label
        for name, label in labels.items()
    }
