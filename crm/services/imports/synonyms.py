"""What the columns of other programs are called, by target and field, best first.

From the exports of Salesforce (API names and labels), HubSpot, Zoho, Pipedrive, Odoo
and Atomic CRM, the UCI retail file, and what people write in English, German and
Chinese. Case, spaces, signs and accents do not matter.
"""

_EXTERNAL_ID = """External ID | Id | Record ID | Record Id | Reference | Ref | Code
    | UID | Unique ID | Key | Externe ID | Externe Nummer | 编号 | 外部编号 | ID号"""
_EMAIL = """Email | E-mail | Email Address | Mail | E-Mail-Adresse | Email - Work
    | email_work | Work Email | Business Email | Person - Email - Work | Person - Email
    | Primary Email | Email 1 | Organization - Email
    | 邮箱 | 电子邮箱 | 电子邮件 | 邮件"""
_PHONE = """Phone | Phone Number | Telephone | Telephone Number | Tel | Phone - Work
    | phone_work | Work Phone | Business Phone | Primary Phone | Account Phone
    | Company Phone | Person - Phone - Work | Person - Phone | Organization - Phone
    | Phone 1 | Telefon | Telefonnummer | Rufnummer | 电话 | 联系电话 | 电话号码
    | Mobile | Mobile Phone | Mobile Phone Number | MobilePhone | Cell | Cell Phone
    | Handy | Mobil | Mobilnummer | Person - Phone - Mobile
    | 手机 | 手机号 | 手机号码"""
_NOTES = """Notes | Note | Comment | Comments | Description | Remarks | Background
    | Person - Notes | Notiz | Notizen | Bemerkung | Bemerkungen | Kommentar
    | Beschreibung | 备注 | 说明 | 描述 | 附注"""
_COUNTRY = """Country | Country/Region | Billing Country | Billing Country/Region
    | Country Code | Billing Address - Country / Region | Address - Country / Region
    | Mailing Country | Shipping Country | Organization - Country of Address
    | country_id | Land | Staat | Länderkennzeichen | 国家 | 国家/地区 | 国别"""
_NAME = """Customer Name | Customer | Account Name | Company name | Company
    | Organization - Name | Organization Name | Organization | Organisation | Client
    | Client Name | Business Name | Full Name | Kunde | Kundenname | Firma | Firmenname
    | Account | Unternehmen
    | 客户名称 | 客户 | 客户姓名 | 公司名称 | 公司 | 企业名称 | 名称 | 姓名"""
_CUSTOMER_ID = """Customer ID | CustomerID | Customer Number | Customer No
    | Customer Code | Account ID | AccountId | Account Number | Client ID | Kundennummer
    | Kunden-Nr | Kundennr | Kunden-ID | 客户编号 | 客户ID | 客户代码 | 会员号"""
_SKU = """SKU | Stock Code | StockCode | Product Code | ProductCode | Item Number
    | Item No | Item Code | Item SKU | Lineitem sku | Article Number | Article No
    | Part Number | Internal Reference | default_code | Product ID | Item ID | EAN
    | Barcode | Artikelnummer | Artikel-Nr | Artikelnr | Artikelcode | Produktnummer
    | 商品编号 | 产品编号 | 货号 | 商品编码 | 产品编码 | 产品代码"""
_CURRENCY = """Currency | Currency Code | CurrencyIsoCode | Currency of Value
    | currency_id | Währung | Währungscode | 币种 | 货币"""

_TAGS = "Tags | Tag | Labels | Label | Label(s) | Schlagworte | Stichworte | 标签"
_CHANGED_AT = """Changed At | Last Modified Date | LastModifiedDate | Last Modified
    | Modified Time | Last Modified Time | Updated At | Updated | Update time
    | Last Update | Last Updated on | write_date | Changed | Geändert am
    | 修改时间 | 更新时间 | 最后修改时间"""

SYNONYMS: dict[str, dict[str, str]] = {
    "customers": {
        "external_id": f"""{_EXTERNAL_ID} | Organization - ID | Company ID
            | {_CUSTOMER_ID}""",
        "name": f"Name | {_NAME} | Person - Name | Contact Name",
        "kind": """Customer Type | Customer Kind | company_type
            | Is a Company | is_company
            | Kundenart | Kundentyp | 客户类型""",
        "email": _EMAIL,
        "phone": _PHONE,
        "website": """Website | Website URL | Website Link | Web Site | Web | URL
            | Homepage | Company Domain Name | Domain | Organization - Website
            | Webseite | Internetseite | 网站 | 网址 | 官网""",
        "street": """Street | Street Address | Address | Address Line 1 | Address 1
            | Billing Street | BillingStreet | Billing Address Line1 | Mailing Street
            | Billing Address - Street | Organization - Address | Shipping Street
            | Straße | Strasse | Straße und Hausnummer | Anschrift | Adresse
            | 地址 | 街道 | 详细地址 | 联系地址""",
        "postal_code": """Postal Code | Postcode | Zip | Zip Code | ZIP/Postal code
            | Billing Zip/Postal Code | BillingPostalCode | Billing Zip
            | Billing Address - Zip / Postal Code | Mailing Zip/Postal Code
            | MailingPostalCode | Mailing Zip | ShippingPostalCode
            | Organization - ZIP/Postal code of Address | PLZ | Postleitzahl
            | 邮编 | 邮政编码""",
        "city": """City | Town | Billing City | BillingCity | Billing Address - City
            | Mailing City | Shipping City | Office Location
            | Organization - City/town/village/locality of Address
            | Ort | Stadt | Wohnort | 城市 | 市""",
        "region": """Region | State | State/Province | State/Region | Province | County
            | Billing State | Billing State/Province | BillingState
            | Billing Address - State / Province | Mailing State | Shipping State
            | Organization - State/county of Address | state_id | Bundesland | Kanton
            | 省 | 省份 | 地区 | 区域""",
        "country": _COUNTRY,
        "sector": """Sector | Industry | Branch | Line of Business | industry_id
            | Organization - Industry | Branche | Wirtschaftszweig | 行业 | 所属行业""",
        "source": """Source | Lead Source | Account Source | AccountSource | source_id
            | Original Source | Original Traffic Source | Quelle | Herkunft
            | Leadquelle | 来源 | 客户来源""",
        "tax_number": """Tax Number | Tax ID | VAT | VAT Number | VAT ID | Tax No
            | Steuernummer | USt-IdNr | USt-ID | Umsatzsteuer-ID | 税号 | 纳税人识别号
            | 统一社会信用代码""",
        "notes": _NOTES,
        "tags": f"{_TAGS} | Organization - Label(s) | category_id | Categories",
        "owner": """Owner | Account Owner | Company owner | Contact owner | Lead Owner
            | Organization - Owner | Person - Owner | Salesperson | Sales Rep
            | Account Manager | Assigned To | user_id | Besitzer | Betreuer
            | Verantwortlicher | Kundenbetreuer | 负责人 | 所有者 | 业务员 | 销售员""",
        "changed_at": _CHANGED_AT,
    },
    "contacts": {
        "external_id": f"{_EXTERNAL_ID} | Person - ID | Contact ID | 联系人编号",
        "first_name": """First Name | Firstname | Given Name | Forename
            | Person - First name | Vorname | 名""",
        "last_name": """Last Name | Lastname | Surname | Family Name
            | Person - Last name | Nachname | Familienname | Zuname | 姓 | Contact Name
            | Person - Name | Full Name | Name | Ansprechpartner | 联系人 | 联系人姓名
            | 姓名""",
        "email": _EMAIL,
        "phone": _PHONE,
        "role": """Role | Job Title | Jobtitle | Job Position | Title | Position
            | Function | Person - Job title | Department | Funktion | Rolle
            | Berufsbezeichnung | 职位 | 职务 | 角色""",
        "customer": f"""{_CUSTOMER_ID} | Organization ID | Person - Organization ID
            | Account Name.id | Company ID | Associated Company IDs
            | Related Company/External ID | parent_id/id | company_id | {_NAME}
            | Associated Company | Related Company | parent_id
            | Person - Organization""",
        "language": """Language | Lang | Preferred Language | Locale | Sprache
            | 语言 | 语种""",
        "notes": _NOTES,
        "tags": f"{_TAGS} | Person - Label(s)",
        "changed_at": _CHANGED_AT,
    },
    "products": {
        "sku": f"{_SKU} | Code | Reference",
        "name": """Name | Product Name | Product | Item Name | Item | Title
            | Description | Article | Bezeichnung | Artikelbezeichnung | Artikelname
            | Produkt | Produktname | Artikel | 商品名称 | 产品名称 | 品名 | 商品 | 产品
            | 名称""",
        "category": """Category | Product Category | Product Family | Family | Group
            | Product Group | Product Type | categ_id | Kategorie | Warengruppe
            | Produktgruppe | 类别 | 分类 | 品类""",
        "price": """Price | Unit Price | UnitPrice | List Price | Sales Price
            | Retail Price | list_price | Preis | Listenpreis | Verkaufspreis | VK
            | 价格 | 单价 | 售价""",
        "currency": _CURRENCY,
        "active": """Active | Is Active | IsActive | Enabled | Available | Aktiv
            | 是否启用 | 启用 | 有效""",
        "changed_at": _CHANGED_AT,
    },
    "orders": {
        "order_number": """Order Number | Order No | Order ID | OrderID | Order
            | Order Reference | Invoice No | InvoiceNo | Invoice Number | Invoice
            | Transaction ID | Receipt Number | Document Number | Bestellnummer
            | Auftragsnummer | Auftrags-Nr | Bestell-Nr | Rechnungsnummer | Belegnummer
            | 订单号 | 订单编号 | 单号 | 发票号""",
        "ordered_at": """Ordered At | Order Date | Ordered On | OrderDate
            | Invoice Date | InvoiceDate | Date | Created at | Transaction Date
            | Purchase Date | date_order | Timestamp | Bestelldatum | Auftragsdatum
            | Rechnungsdatum | Datum
            | 订单日期 | 下单时间 | 下单日期 | 日期 | 发票日期""",
        "status": """Status | Order Status | Financial Status
            | Bestellstatus | Auftragsstatus | 状态 | 订单状态""",
        "customer_external_id": f"""{_CUSTOMER_ID} | Customer | Client | Buyer ID
            | User ID | Member ID | Card Number""",
        "customer_name": f"{_NAME} | Billing Name | Buyer | Buyer Name | Käufer | 买家",
        "customer_email": f"Customer Email | Buyer Email | Billing Email | {_EMAIL}",
        "customer_country": f"Customer Country | {_COUNTRY}",
        "sku": _SKU,
        "product_name": """Product Name | Product | Description | Item Name | Item
            | Item Description | Product Description | Lineitem name | Article
            | Artikelbezeichnung | Bezeichnung | Artikel | Produkt | Beschreibung
            | 商品名称 | 产品名称 | 品名 | 商品 | 产品""",
        "quantity": """Quantity | Qty | Units | Count | Lineitem quantity | Pieces
            | Ordered Quantity | Product quantity | Menge | Anzahl | Stückzahl
            | 数量 | 件数""",
        "unit_price": """Unit Price | UnitPrice | Price | Item Price | Price per Unit
            | Lineitem price | Sales Price | Product amount | Einzelpreis | Preis
            | Stückpreis | 单价 | 价格""",
        "currency": _CURRENCY,
        "line_discount": """Line Discount | Discount | Discount % | Discount Percent
            | Disc. | Rabatt | Rabatt % | 折扣 | 折扣率""",
    },
}


def listed(target: str, field: str) -> list[str]:
    """The names for `field` of `target`, best first; none for an unknown field."""
    names = SYNONYMS.get(target, {}).get(field, "").split("|")
    return [" ".join(name.split()) for name in names if name.strip()]
