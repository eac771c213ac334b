"""Which column is which field: in other programs, other languages, with slips."""

from io import BytesIO

import pytest

from crm import db, i18n
from crm.models import Actor
from crm.services.imports import runs
from crm.services.imports.headers import fingerprint, likely_target, suggest
from crm.services.imports.targets import (
    CONTACTS,
    CUSTOMERS,
    OPPORTUNITIES,
    ORDERS,
    PRODUCTS,
    TARGETS,
    Target,
)


def mapping(header: str, target: Target) -> dict[str, str]:
    """Column → field."""
    return {each.column: each.field for each in suggest(header.split(","), target)}


def test_the_retail_file_is_understood_in_full() -> None:
    header = (
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,"
        "CustomerID,Country"
    )

    assert mapping(header, ORDERS) == {
        "InvoiceNo": "order_number",
        "StockCode": "sku",
        "Description": "product_name",
        "Quantity": "quantity",
        "InvoiceDate": "ordered_at",
        "UnitPrice": "unit_price",
        "CustomerID": "customer_external_id",
        "Country": "customer_country",
    }


def test_salesforce_accounts() -> None:
    header = (
        "Id,IsDeleted,Name,Type,BillingStreet,BillingCity,BillingState,"
        "BillingPostalCode,BillingCountry,Phone,Fax,Website,Industry,Description,"
        "OwnerId,CreatedDate,AccountSource"
    )

    assert mapping(header, CUSTOMERS) == {
        "Id": "external_id",
        "Name": "name",
        "BillingStreet": "street",
        "BillingCity": "city",
        "BillingState": "region",
        "BillingPostalCode": "postal_code",
        "BillingCountry": "country",
        "Phone": "phone",
        "Website": "website",
        "Industry": "sector",
        "Description": "notes",
        "AccountSource": "source",
    }


def test_salesforce_contacts() -> None:
    header = (
        "Id,AccountId,LastName,FirstName,Name,Phone,MobilePhone,Email,Title,Description"
    )

    assert mapping(header, CONTACTS) == {
        "Id": "external_id",
        "AccountId": "customer",
        "LastName": "last_name",
        "FirstName": "first_name",
        "Phone": "phone",
        "Email": "email",
        "Title": "role",
        "Description": "notes",
    }


def test_hubspot_contacts() -> None:
    header = (
        "Record ID,First Name,Last Name,Email,Phone Number,Job Title,Company Name,"
        "Lifecycle Stage"
    )

    assert mapping(header, CONTACTS) == {
        "Record ID": "external_id",
        "First Name": "first_name",
        "Last Name": "last_name",
        "Email": "email",
        "Phone Number": "phone",
        "Job Title": "role",
        "Company Name": "customer",
    }


def test_hubspot_companies() -> None:
    header = "Record ID,Company name,Company Domain Name,Company owner,Industry"

    assert mapping(header, CUSTOMERS) == {
        "Record ID": "external_id",
        "Company name": "name",
        "Company Domain Name": "website",
        "Company owner": "owner",
        "Industry": "sector",
    }


def test_zoho_accounts() -> None:
    header = (
        "Record Id,Account Name,Website,Industry,Phone,Account Owner.id,"
        "Billing Address - City,Billing Address - State / Province,"
        "Billing Address - Country / Region"
    )

    assert mapping(header, CUSTOMERS) == {
        "Record Id": "external_id",
        "Account Name": "name",
        "Website": "website",
        "Industry": "sector",
        "Phone": "phone",
        "Billing Address - City": "city",
        "Billing Address - State / Province": "region",
        "Billing Address - Country / Region": "country",
    }


def test_pipedrive_people() -> None:
    header = (
        "Person - ID,Person - Organization ID,Person - Name,Person - First name,"
        "Person - Last name,Person - Email - Work,Person - Email - Home,"
        "Person - Phone - Work"
    )

    assert mapping(header, CONTACTS) == {
        "Person - ID": "external_id",
        "Person - Organization ID": "customer",
        "Person - First name": "first_name",
        "Person - Last name": "last_name",
        "Person - Email - Work": "email",
        "Person - Phone - Work": "phone",
    }


def test_odoo_partners() -> None:
    header = (
        "External ID,Name,Is a Company,Salesperson,Tax ID,Website Link,Tags,Street,"
        "Street2,Zip,City,State,Country"
    )

    assert mapping(header, CUSTOMERS) == {
        "External ID": "external_id",
        "Name": "name",
        "Is a Company": "kind",
        "Salesperson": "owner",
        "Tax ID": "tax_number",
        "Website Link": "website",
        "Tags": "tags",
        "Street": "street",
        "Zip": "postal_code",
        "City": "city",
        "State": "region",
        "Country": "country",
    }


def test_german_headers() -> None:
    header = "Auftrags-Nr.,Bestelldatum,Kunden-Nr.,Artikelnr.,Menge,Einzelpreis (EUR)"

    assert mapping(header, ORDERS) == {
        "Auftrags-Nr.": "order_number",
        "Bestelldatum": "ordered_at",
        "Kunden-Nr.": "customer_external_id",
        "Artikelnr.": "sku",
        "Menge": "quantity",
        "Einzelpreis (EUR)": "unit_price",
    }


ORDER_HEADERS = {
    "German": "Rechnungsnummer;Artikelnummer;Bezeichnung;Menge;Einzelpreis;Kunde;Datum",
    "German, short": "RechNr;ReDatum;KdNr;ArtNr;Bezeichnung;Menge;E-Preis",
    "German, net": "Beleg-Nr.;Belegdatum;Kd.-Nr.;Artikel;Bezeichnung;Anzahl;"
    "VK-Preis netto;Gesamtpreis",
    "French": "Numéro de facture;Date de facture;Code client;Client;Référence;"
    "Désignation;Quantité;Prix unitaire HT;Remise",
    "French, short": "N° commande;Date;Client;Réf. article;Libellé;Qté;P.U. HT;Devise",
    "French, no code": "Commande;Date;Client;Article;Quantité;Prix unitaire",
    "Spanish": "Número de factura;Fecha de factura;Cliente;Referencia;Descripción;"
    "Cantidad;Precio unitario;Descuento",
    "Spanish, short": "Nº pedido;Fecha;Nº cliente;Código de artículo;Artículo;Cant.;"
    "Precio;Divisa",
    "Spanish, no code": "Pedido;Fecha;Cliente;Producto;Cantidad;Precio unitario;País",
    "Chinese": "订单编号;下单时间;客户名称;商品编码;商品名称;数量;单价;币种",
    "Chinese, invoice": "发票号码;开票日期;购买方名称;货号;货物名称;数量;单价(元)",
    "Chinese, shop": "订单编号;付款时间;买家昵称;商家编码;宝贝标题;购买数量;商品单价",
}


@pytest.mark.parametrize("header", ORDER_HEADERS.values(), ids=ORDER_HEADERS)
def test_lines_of_orders_are_recognised_in_full(header: str) -> None:
    columns = header.split(";")
    found = {one.field for one in suggest(columns, ORDERS)}

    assert likely_target(columns) is ORDERS
    assert found.issuperset(ORDERS.required)
    assert len(columns) - len(found) <= 1  # a total, which is computed


def test_the_customer_of_a_german_invoice_is_a_name_and_its_number_a_key() -> None:
    columns = ["Kunde", "Kd.-Nr.", "Bezeichnung", "Artikelnummer"]

    assert {s.column: s.field for s in suggest(columns, ORDERS)} == {
        "Kunde": "customer_name",
        "Kd.-Nr.": "customer_external_id",
        "Bezeichnung": "product_name",
        "Artikelnummer": "sku",
    }


def test_a_required_field_comes_before_one_that_is_not_and_is_less_sure() -> None:
    with_code = suggest(["Product", "Product code"], ORDERS)
    alone = suggest(["Product"], ORDERS)

    assert [one.field for one in with_code] == ["product_name", "sku"]
    assert [(one.field, one.confidence) for one in alone] == [("sku", 0.9)]


def test_however_a_number_is_called() -> None:
    names = ("Kunden-Nr.", "Kundennummer", "KUNDENNR")
    assert len({fingerprint(name) for name in names}) == 1
    assert fingerprint("N° client") == fingerprint("Numéro client") == "noclient"


def test_chinese_headers() -> None:
    assert mapping("客户名称,手机,邮箱,行业,负责人,城市,备注", CUSTOMERS) == {
        "客户名称": "name",
        "手机": "phone",
        "邮箱": "email",
        "行业": "sector",
        "负责人": "owner",
        "城市": "city",
        "备注": "notes",
    }


def test_typing_slips_are_forgiven() -> None:
    assert mapping("Custmer Name,Telephon,Contry", CUSTOMERS) == {
        "Custmer Name": "name",
        "Telephon": "phone",
        "Contry": "country",
    }


def test_the_own_name_of_a_field_is_sure_a_slip_is_less_so() -> None:
    own, synonym, slip = suggest(["Name", "Telephone", "Contry"], CUSTOMERS)

    assert own.confidence == 1
    assert synonym.confidence == 0.95
    assert 0.85 <= slip.confidence <= 0.9


def test_no_field_and_no_column_comes_twice() -> None:
    header = ["Phone", "Mobile", "Telephone", "Phone (2)", "Phone Number"]

    (only,) = suggest(header, CUSTOMERS)

    assert (only.column, only.field) == ("Phone", "phone")


def test_an_id_is_not_the_thing_itself() -> None:
    assert mapping("Account Owner.id,OwnerId,Sectorid", CUSTOMERS) == {}


def test_what_the_server_owns_is_never_suggested() -> None:
    owned = {"id", "version", "created_at", "updated_at", "deleted_at", "import_id"}

    for target in TARGETS.values():
        assert owned.isdisjoint(field.name for field in target.fields)


def test_headers_that_mean_nothing_get_no_suggestion() -> None:
    assert suggest(["x", "", "Column 3", "lorem"], CUSTOMERS) == []


def test_case_signs_and_accents_do_not_matter() -> None:
    assert fingerprint("Größe_(Zip/Postal-Code)*") == "grossezippostalcode"


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice", ORDERS),
        ("Account Name,Billing City,Industry,Website", CUSTOMERS),
        ("First Name,Last Name,Email,Job Title,Company Name", CONTACTS),
        ("SKU,Name,Price,Category", PRODUCTS),
        ("Artikelnummer,Bezeichnung,Warengruppe,Preis,Bestand", PRODUCTS),
        ("Référence,Désignation,Catégorie,Prix de vente HT", PRODUCTS),
        ("Código,Nombre,Familia,PVP", PRODUCTS),
        ("货号,品名,类别,单价,库存数量", PRODUCTS),
        ("Code client,Raison sociale,Ville,Pays,Courriel", CUSTOMERS),
        ("Nombre,Apellidos,Correo electrónico,Cargo,Empresa", CONTACTS),
        ("Order ID,Order Date,Customer ID,Product ID,Sales,Quantity", ORDERS),
        ("x,y,z", None),
    ],
)
def test_the_likely_target_is_found(header: str, target: Target | None) -> None:
    assert likely_target(header.split(",")) is target


@pytest.mark.slow
@pytest.mark.parametrize("spoken", i18n.LANGUAGES)
def test_our_own_labels_are_known_in_whatever_language(
    admin: Actor, spoken: str
) -> None:
    """“名称” is the name of an opportunity, though elsewhere it is a customer's."""
    with i18n.language(spoken):
        called = {str(i18n._(f.label)): f.name for f in OPPORTUNITIES.fields}
    content = ",".join(called) + "\n" + ",".join("x" * len(called)) + "\n"
    upload = runs.upload(admin, BytesIO(content.encode()), "a.csv")

    with db.transaction(admin) as session:
        one = runs.start(session, upload, "opportunities")
        found = runs.suggested(session, one.id)

    assert {each.column: each.field for each in found} == called
