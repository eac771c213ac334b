"""Names of columns in files of customers and of contacts; see `synonyms`."""

from crm.services.imports import synonyms_shared as shared

CUSTOMERS = {
    "external_id": f"""{shared.EXTERNAL_ID} | Organization - ID | Company ID
        | {shared.CUSTOMER_ID}""",
    "name": f"Name | {shared.NAME} | Person - Name | Contact Name | Nom | Nombre",
    "kind": """Customer Type | Customer Kind | company_type
        | Is a Company | is_company
        | Kundenart | Kundentyp | Type de client | Tipo de cliente | 客户类型""",
    "email": shared.EMAIL,
    "phone": shared.PHONE,
    "website": """Website | Website URL | Website Link | Web Site | Web | URL
        | Homepage | Company Domain Name | Domain | Organization - Website
        | Webseite | Internetseite | Site web | Site internet | Sitio web | Página web
        | 网站 | 网址 | 官网""",
    "street": """Street | Street Address | Address | Address Line 1 | Address 1
        | Billing Street | BillingStreet | Billing Address Line1 | Mailing Street
        | Billing Address - Street | Organization - Address | Shipping Street
        | Straße | Strasse | Straße und Hausnummer | Anschrift | Adresse | Rue
        | Dirección | Calle | Domicilio | 地址 | 街道 | 详细地址 | 联系地址""",
    "postal_code": """Postal Code | Postcode | Zip | Zip Code | ZIP/Postal code
        | Billing Zip/Postal Code | BillingPostalCode | Billing Zip
        | Billing Address - Zip / Postal Code | Mailing Zip/Postal Code
        | MailingPostalCode | Mailing Zip | ShippingPostalCode
        | Organization - ZIP/Postal code of Address | PLZ | Postleitzahl
        | Code postal | CP | Código postal | 邮编 | 邮政编码""",
    "city": """City | Town | Billing City | BillingCity | Billing Address - City
        | Mailing City | Shipping City | Office Location
        | Organization - City/town/village/locality of Address
        | Ort | Stadt | Wohnort | Ville | Ciudad | Localidad | Población
        | 城市 | 市""",
    "region": """Region | State | State/Province | State/Region | Province | County
        | Billing State | Billing State/Province | BillingState
        | Billing Address - State / Province | Mailing State | Shipping State
        | Organization - State/county of Address | state_id | Bundesland | Kanton
        | Région | Département | Provincia | Región | 省 | 省份 | 地区 | 区域""",
    "country": shared.COUNTRY,
    "sector": """Sector | Industry | Branch | Line of Business | industry_id
        | Organization - Industry | Branche | Wirtschaftszweig
        | Secteur | Secteur d'activité | Sector de actividad | 行业 | 所属行业""",
    "source": """Source | Lead Source | Account Source | AccountSource | source_id
        | Original Source | Original Traffic Source | Quelle | Herkunft
        | Leadquelle | Origine | Origen | 来源 | 客户来源""",
    "tax_number": """Tax Number | Tax ID | VAT | VAT Number | VAT ID | Tax No
        | Steuernummer | USt-IdNr | USt-ID | Umsatzsteuer-ID | Numéro de TVA
        | TVA intracommunautaire | SIRET | SIREN | NIF | CIF | 税号 | 纳税人识别号
        | 统一社会信用代码""",
    "parent": """Parent Company | Parent Account | Parent Account Name | ParentId
        | Parent company name | Subsidiary of | Mutterfirma | Muttergesellschaft
        | Konzernmutter | Société mère | Empresa matriz | 母公司 | 上级公司""",
    "notes": shared.NOTES,
    "tags": f"{shared.TAGS} | Organization - Label(s) | category_id | Categories",
    "owner": """Owner | Account Owner | Company owner | Contact owner | Lead Owner
        | Organization - Owner | Person - Owner | Salesperson | Sales Rep
        | Account Manager | Assigned To | user_id | Besitzer | Betreuer
        | Verantwortlicher | Kundenbetreuer | Responsable | Commercial | Vendedor
        | 负责人 | 所有者 | 业务员 | 销售员""",
    "changed_at": shared.CHANGED_AT,
}
CONTACTS = {
    "external_id": f"{shared.EXTERNAL_ID} | Person - ID | Contact ID | 联系人编号",
    "first_name": """First Name | Firstname | Given Name | Forename
        | Person - First name | Vorname | Prénom | Nombre | 名""",
    "last_name": """Last Name | Lastname | Surname | Family Name
        | Person - Last name | Nachname | Familienname | Zuname | Nom de famille
        | Apellidos | Apellido | 姓 | Contact Name | Person - Name | Full Name | Name
        | Ansprechpartner | Nom | 联系人 | 联系人姓名 | 姓名""",
    "email": shared.EMAIL,
    "phone": shared.PHONE,
    "role": """Role | Job Title | Jobtitle | Job Position | Title | Position
        | Function | Person - Job title | Department | Funktion | Rolle
        | Berufsbezeichnung | Fonction | Poste | Cargo | Puesto
        | 职位 | 职务 | 角色""",
    "customer": f"""{shared.CUSTOMER_ID} | Organization ID | Person - Organization ID
        | Account Name.id | Company ID | Associated Company IDs
        | Related Company/External ID | parent_id/id | company_id | {shared.NAME}
        | Associated Company | Related Company | parent_id
        | Person - Organization""",
    "language": """Language | Lang | Preferred Language | Locale | Sprache | Langue
        | Idioma | 语言 | 语种""",
    "notes": shared.NOTES,
    "tags": f"{shared.TAGS} | Person - Label(s)",
    "changed_at": shared.CHANGED_AT,
}
