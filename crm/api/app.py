"""Assemble the API: one router per kind of record, the errors, the short path."""

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from crm import __version__
from crm.api import docs, errors
from crm.api.campaigns import router as campaigns_router
from crm.api.deps import ActorDep
from crm.api.forecast_overrides import router as overrides_router
from crm.api.insight import router as insight_router
from crm.api.invoices import router as invoices_router
from crm.api.opportunities import router as opportunities_router
from crm.api.orders import router as orders_router
from crm.api.payments import router as payments_router
from crm.api.price_lists import router as price_lists_router
from crm.api.product_sales import router as product_sales_router
from crm.api.quotes import router as quotes_router
from crm.api.rates import router as rates_router
from crm.api.resources import Resource, router
from crm.api.suggestions import router as suggestions_router
from crm.api.targets import router as targets_router
from crm.models import (
    Campaign,
    CampaignFields,
    Contact,
    ContactFields,
    Customer,
    CustomerFields,
    Lead,
    LeadFields,
    Opportunity,
    OpportunityFields,
    Product,
    ProductFields,
    Subscription,
    SubscriptionFields,
    Ticket,
    TicketFields,
)
from crm.services.customers import contacts, customers
from crm.services.marketing import campaigns
from crm.services.prices import products
from crm.services.sales import leads, opportunities
from crm.services.subscriptions import subscriptions
from crm.services.support import tickets

CUSTOMERS = Resource(
    "customer",
    "/customers",
    Customer,
    CustomerFields,
    customers.create,
    customers.update,
    customers.remove,
)
RESOURCES = (
    CUSTOMERS,
    Resource(
        "contact",
        "/contacts",
        Contact,
        ContactFields,
        contacts.create,
        contacts.update,
        contacts.remove,
    ),
    Resource(
        "product",
        "/products",
        Product,
        ProductFields,
        products.create,
        products.update,
        products.remove,
    ),
    Resource(
        "subscription",
        "/subscriptions",
        Subscription,
        SubscriptionFields,
        subscriptions.create,
        subscriptions.update,
        subscriptions.remove,
    ),
    Resource(
        "lead", "/leads", Lead, LeadFields, leads.create, leads.update, leads.remove
    ),
    Resource(
        "opportunity",
        "/opportunities",
        Opportunity,
        OpportunityFields,
        opportunities.create,
        opportunities.update,
        opportunities.remove,
    ),
    Resource(
        "ticket",
        "/tickets",
        Ticket,
        TicketFields,
        tickets.create,
        tickets.update,
        tickets.remove,
    ),
    Resource(
        "campaign",
        "/campaigns",
        Campaign,
        CampaignFields,
        campaigns.create,
        campaigns.update,
        campaigns.remove,
    ),
)

api = FastAPI(
    title="Clientele",
    version=__version__,
    docs_url=None,
    redoc_url=None,
    description="Send a token as “Authorization: Bearer crm_…”.",
)
errors.install(api)
for _resource in RESOURCES:
    api.include_router(router(_resource), prefix="/v1")
api.include_router(opportunities_router, prefix="/v1")
api.include_router(campaigns_router, prefix="/v1")
api.include_router(quotes_router, prefix="/v1")
api.include_router(orders_router, prefix="/v1")
api.include_router(invoices_router, prefix="/v1")
api.include_router(payments_router, prefix="/v1")
api.include_router(price_lists_router, prefix="/v1")
api.include_router(product_sales_router, prefix="/v1")
api.include_router(rates_router, prefix="/v1")
api.include_router(insight_router, prefix="/v1")
api.include_router(suggestions_router, prefix="/v1")
api.include_router(targets_router, prefix="/v1")
api.include_router(overrides_router, prefix="/v1")


@api.get("/v1/me", tags=["me"], responses=errors.ANSWERS)
def me(actor: ActorDep) -> dict[str, str | None]:
    """Who the token or the session stands for."""
    return {"name": actor.name, "role": actor.role.value, "reach": actor.reach.value}


@api.get("/docs", include_in_schema=False)
def documentation() -> HTMLResponse:
    """The endpoints, readable without anything from elsewhere."""
    return HTMLResponse(docs.page(api.openapi()))


short = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
"""`/customers` without a prefix, for GET and POST of JSON."""
errors.install(short)
short.include_router(router(CUSTOMERS))
