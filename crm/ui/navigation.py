"""The pages: where they lie, who may see them, what they are called.

A page that a role may not see is not given to `st.navigation`, and so cannot be
run by its address either. Services check again.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from crm.errors import Invalid
from crm.i18n import N_, _
from crm.models import Action, Actor

ROOT = Path(__file__).parents[2] / "pages"
KEY = "_pages"


@dataclass(frozen=True)
class PageSpec:
    """One page: its file, its address, and the right that it takes to see it."""

    file: str
    slug: str
    title: str
    icon: str
    entity: str
    action: Action = Action.READ
    hidden: bool = False


SECTIONS: dict[str, tuple[PageSpec, ...]] = {
    "": (
        PageSpec("home/start.py", "start", N_("Start"), "home", "customer"),
        PageSpec("home/today.py", "today", N_("Today"), "today", "suggestion"),
    ),
    N_("Customers"): (
        PageSpec(
            "customers/customers.py", "customers", N_("Customers"), "groups", "customer"
        ),
        PageSpec(
            "customers/customer.py",
            "customer",
            N_("Customer"),
            "person",
            "customer",
            hidden=True,
        ),
        PageSpec(
            "customers/contacts.py", "contacts", N_("Contacts"), "contacts", "contact"
        ),
        PageSpec(
            "customers/contact.py",
            "contact",
            N_("Contact"),
            "contact_page",
            "contact",
            hidden=True,
        ),
        PageSpec(
            "customers/segments.py",
            "segments",
            N_("Segments"),
            "workspaces",
            "segment",
        ),
    ),
    N_("Sales"): (
        PageSpec("sales/leads.py", "leads", N_("Leads"), "person_search", "lead"),
        PageSpec("sales/lead.py", "lead", N_("Lead"), "person_search", "lead",
                 hidden=True),
        PageSpec("sales/opportunities.py", "opportunities", N_("Opportunities"),
                 "view_kanban", "opportunity"),
        PageSpec("sales/opportunity.py", "opportunity", N_("Opportunity"), "handshake",
                 "opportunity", hidden=True),
        PageSpec("sales/win_chance.py", "win_chance", N_("Win probability"), "percent",
                 "analysis"),
        PageSpec("sales/quotes.py", "quotes", N_("Quotes"), "request_quote", "quote"),
        PageSpec("sales/quote.py", "quote", N_("Quote"), "request_quote", "quote",
                 hidden=True),
        PageSpec("sales/forecast.py", "sales_forecast", N_("Sales forecast"),
                 "monitoring", "opportunity"),
        PageSpec("sales/targets.py", "targets", N_("Targets"), "flag", "target"),
        PageSpec(
            "sales/orders.py", "orders", N_("Orders"), "shopping_bag", "sales_order"
        ),
        PageSpec(
            "sales/order.py",
            "order",
            N_("Order"),
            "receipt",
            "sales_order",
            hidden=True,
        ),
        PageSpec("reports/sales.py", "sales_report", N_("Sales reports"),
                 "bar_chart", "opportunity"),
        PageSpec("sales/invoices.py", "invoices", N_("Invoices"), "receipt_long",
                 "invoice"),
        PageSpec("sales/invoice.py", "invoice", N_("Invoice"), "receipt_long",
                 "invoice", hidden=True),
        PageSpec("sales/payments.py", "payments", N_("Payments"), "payments",
                 "payment"),
        PageSpec("sales/payment.py", "payment", N_("Payment"), "payments", "payment",
                 hidden=True),
        PageSpec("sales/subscriptions.py", "subscriptions", N_("Subscriptions"),
                 "autorenew", "subscription"),
        PageSpec("sales/subscription.py", "subscription", N_("Subscription"),
                 "autorenew", "subscription", hidden=True),
        PageSpec(
            "sales/products.py", "products", N_("Products"), "inventory_2", "product"
        ),
        PageSpec(
            "sales/product.py",
            "product",
            N_("Product"),
            "deployed_code",
            "product",
            hidden=True,
        ),
        PageSpec("sales/price_lists.py", "price_lists", N_("Price lists"), "sell",
                 "price_list"),
        PageSpec("sales/price_list.py", "price_list", N_("Price list"), "sell",
                 "price_list", hidden=True),
    ),
    N_("Service"): (
        PageSpec("support/tickets.py", "tickets", N_("Tickets"), "support_agent",
                 "ticket"),
        PageSpec("support/ticket.py", "ticket", N_("Ticket"), "support_agent",
                 "ticket", hidden=True),
    ),
    N_("Marketing"): (
        PageSpec("marketing/campaigns.py", "campaigns", N_("Campaigns"), "campaign",
                 "campaign"),
        PageSpec("marketing/campaign.py", "campaign", N_("Campaign"), "campaign",
                 "campaign", hidden=True),
    ),
    N_("Insight"): (
        PageSpec("insight/segmentation.py", "segmentation", N_("Segmentation"),
                 "bubble_chart", "analysis"),
        PageSpec("insight/cohorts.py", "cohorts", N_("Cohorts"), "stacked_line_chart",
                 "analysis"),
        PageSpec("insight/association_rules.py", "association_rules",
                 N_("Association rules"), "hub", "analysis"),
        PageSpec("insight/churn.py", "churn", N_("Churn"), "trending_down", "analysis"),
        PageSpec("insight/purchase.py", "purchase", N_("Next purchases"),
                 "shopping_cart_checkout", "analysis"),
        PageSpec("insight/lifetime_value.py", "lifetime_value", N_("Lifetime value"),
                 "savings", "analysis"),
        PageSpec("insight/recurring_revenue.py", "recurring_revenue",
                 N_("Recurring revenue"), "autorenew", "analysis"),
        PageSpec("insight/forecast.py", "forecast", N_("Forecast"), "show_chart",
                 "analysis"),
        PageSpec("insight/alerts.py", "alerts", N_("Alerts"), "notifications",
                 "analysis"),
        PageSpec("insight/what_if.py", "what_if", N_("What if"), "tune", "analysis"),
    ),
    N_("Data"): (
        PageSpec("data/imports.py", "imports", N_("Imports"), "upload_file",
                 "import_run"),
        PageSpec("data/import.py", "import", N_("Import"), "upload_file", "import_run",
                 hidden=True),
        PageSpec("data/recycle_bin.py", "recycle_bin", N_("Recycle bin"), "delete",
                 "customer", Action.DELETE),
        PageSpec("data/mail.py", "mail", N_("Outgoing mail"), "outgoing_mail",
                 "outgoing_mail"),
        PageSpec("data/jobs.py", "jobs", N_("Jobs"), "sync", "job"),
    ),
    N_("Administration"): (
        PageSpec("admin/users.py", "users", N_("Users and teams"), "badge", "app_user",
                 Action.UPDATE),
        PageSpec("admin/custom_fields.py", "custom_fields", N_("Custom fields"),
                 "dynamic_form", "custom_field", Action.UPDATE),
        PageSpec("admin/pipelines.py", "pipelines", N_("Pipelines"), "conversion_path",
                 "pipeline", Action.UPDATE),
        PageSpec("admin/web_forms.py", "web_forms", N_("Web forms"), "web", "web_form",
                 Action.UPDATE),
        PageSpec("admin/currencies.py", "currencies", N_("Currencies"),
                 "currency_exchange", "exchange_rate"),
        PageSpec("admin/tokens.py", "tokens", N_("API tokens"), "key", "api_token"),
        PageSpec("admin/audit.py", "audit", N_("Audit"), "policy", "audit"),
        PageSpec("admin/settings.py", "settings", N_("Settings"), "settings",
                 "setting", Action.UPDATE),
    ),
}  # fmt: skip


def pages(actor: Actor) -> dict[str, list[Any]]:
    """Streamlit's pages for `actor`, by translated section."""
    found: dict[str, list[Any]] = {}
    known: dict[str, Any] = {}
    for section, specs in SECTIONS.items():
        for spec in specs:
            path = ROOT / spec.file
            if not actor.may(spec.action, spec.entity) or not path.exists():
                continue
            page = st.Page(
                path,
                title=_(spec.title),
                icon=f":material/{spec.icon}:",
                url_path=spec.slug,
                default=spec.slug == "start",
                visibility="hidden" if spec.hidden else "visible",
            )
            known[spec.slug] = page
            found.setdefault(_(section) if section else "", []).append(page)
    st.session_state[KEY] = known
    return found


def menu() -> None:
    """The pages that this session may see, by section."""
    for section, specs in SECTIONS.items():
        links = [s for s in specs if not s.hidden and page(s.slug)]
        if not links:
            continue
        with st.container(gap="xxsmall", key=f"menu_{links[0].slug}"):
            if section:
                st.caption(_(section))
            for spec in links:
                link(spec.slug, _(spec.title), icon=f":material/{spec.icon}:")


def page(slug: str) -> Any:
    """The page at address `slug` in this session, or None where it is not allowed."""
    return st.session_state.get(KEY, {}).get(slug)


def go(slug: str, **query: Any) -> None:
    """Open a page with parameters, as a click on a link would."""
    if target := page(slug):
        st.switch_page(target, query_params={k: str(v) for k, v in query.items()})


def link(slug: str, label: str, *, icon: str | None = None, **query: Any) -> None:
    """A link to a page, where the user may see it. `label` is plain text."""
    from crm.ui.format import plain

    if target := page(slug):
        st.page_link(
            target,
            label=plain(label),
            icon=icon,
            query_params={k: str(v) for k, v in query.items()},
        )


def asked_id() -> int:
    """The id of the record that this page is about.

    Raises:
        Invalid: the address names none.
    """
    if (found := record_id()) is None:
        raise Invalid(_("The address names no record."))
    return found


def record_id() -> int | None:
    """The id that this page was opened with; None when there is none."""
    given = str(st.query_params.get("id", ""))
    is_number = given.isascii() and given.isdecimal() and len(given) < 19
    return int(given) if is_number else None
