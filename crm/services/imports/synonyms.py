"""What the columns of other programs are called, by target and field, best first.

From the exports of Salesforce (API names and labels), HubSpot, Zoho, Pipedrive, Odoo
and Atomic CRM, the UCI retail file, and what people write in English, German, French,
Spanish and Chinese. Case, spaces, signs and accents do not matter, and numbers may be
shortened: see `headers.fingerprint`.
"""

from crm.services.imports import synonyms_deals, synonyms_people, synonyms_sales

SYNONYMS: dict[str, dict[str, str]] = {
    "customers": synonyms_people.CUSTOMERS,
    "contacts": synonyms_people.CONTACTS,
    "products": synonyms_sales.PRODUCTS,
    "orders": synonyms_sales.ORDERS,
    "leads": synonyms_deals.LEADS,
    "opportunities": synonyms_deals.OPPORTUNITIES,
}


def listed(target: str, field: str) -> list[str]:
    """The names for `field` of `target`, best first; none for an unknown field."""
    names = SYNONYMS.get(target, {}).get(field, "").split("|")
    return [" ".join(name.split()) for name in names if name.strip()]
