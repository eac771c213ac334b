"""Names of columns that files of several kinds have; see `synonyms`."""

EXTERNAL_ID = """External ID | Id | Record ID | Record Id | Reference | Ref | Code
    | UID | Unique ID | Key | Externe ID | Externe Nummer | Identifiant | Identificador
    | 编号 | 外部编号 | ID号"""
EMAIL = """Email | E-mail | Email Address | Mail | E-Mail-Adresse | Email - Work
    | email_work | Work Email | Business Email | Person - Email - Work | Person - Email
    | Primary Email | Email 1 | Organization - Email | Courriel | Adresse e-mail
    | Adresse électronique | Correo electrónico | Correo
    | 邮箱 | 电子邮箱 | 电子邮件 | 邮件"""
PHONE = """Phone | Phone Number | Telephone | Telephone Number | Tel | Phone - Work
    | phone_work | Work Phone | Business Phone | Primary Phone | Account Phone
    | Company Phone | Person - Phone - Work | Person - Phone | Organization - Phone
    | Phone 1 | Telefon | Telefonnummer | Rufnummer | Téléphone | Teléfono
    | 电话 | 联系电话 | 电话号码
    | Mobile | Mobile Phone | Mobile Phone Number | MobilePhone | Cell | Cell Phone
    | Handy | Mobil | Mobilnummer | Person - Phone - Mobile | Portable | Móvil
    | 手机 | 手机号 | 手机号码"""
NOTES = """Notes | Note | Comment | Comments | Description | Remarks | Background
    | Person - Notes | Notiz | Notizen | Bemerkung | Bemerkungen | Kommentar
    | Beschreibung | Remarque | Remarques | Commentaire | Commentaires
    | Notas | Observaciones | Comentarios | 备注 | 说明 | 描述 | 附注"""
COUNTRY = """Country | Country/Region | Billing Country | Billing Country/Region
    | Country Code | Billing Address - Country / Region | Address - Country / Region
    | Mailing Country | Shipping Country | Organization - Country of Address
    | country_id | Land | Staat | Länderkennzeichen | Pays | Code pays | País
    | 国家 | 国家/地区 | 国别"""
NAME = """Customer Name | Customer | Account Name | Company name | Company
    | Organization - Name | Organization Name | Organization | Organisation | Client
    | Client Name | Business Name | Full Name | Kunde | Kundenname | Firma | Firmenname
    | Account | Unternehmen
    | Nom du client | Nom client | Raison sociale | Société | Entreprise
    | Nombre del cliente | Nombre cliente | Cliente | Razón social | Empresa | Sociedad
    | 客户名称 | 客户 | 客户姓名 | 客户名 | 公司名称 | 公司 | 企业名称 | 单位名称 | 名称
    | 姓名"""
CUSTOMER_ID = """Customer ID | CustomerID | Customer Number | Customer No
    | Customer Code | Account ID | AccountId | Account Number | Client ID | Kundennummer
    | Kunden-ID | Kundencode | Kd-Nr | Kdnr
    | Code client | Numéro client | Numéro de client | Réf. client | ID client
    | Código de cliente | Código cliente | Número de cliente | Número cliente
    | ID de cliente | ID cliente | Cód. cliente
    | 客户编号 | 客户ID | 客户代码 | 客户编码 | 会员号"""
SKU = """SKU | Stock Code | StockCode | Product Code | ProductCode | Item Number
    | Item No | Item Code | Item SKU | Lineitem sku | Article Number | Article No
    | Part Number | Internal Reference | default_code | Product ID | Item ID | EAN
    | Barcode | Artikelnummer | Artikelcode | Art.-Nr | Produktnummer | Produktcode
    | Référence article | Référence produit | Réf. article | Réf. produit
    | Code article | Code produit | Numéro article | Référence | Réf.
    | Referencia de artículo | Referencia del producto | Código de artículo
    | Código artículo | Código de producto | Código producto | Ref. artículo
    | Referencia
    | 商品编号 | 产品编号 | 货号 | 商品编码 | 产品编码 | 产品代码 | 商品代码 | 货品编号
    | 货品编码 | 物料编码 | 物料编号 | 存货编码 | 商家编码 | SKU编码 | 商品条码
    | 条码"""
CURRENCY = """Currency | Currency Code | CurrencyIsoCode | Currency of Value
    | currency_id | Währung | Währungscode | Devise | Monnaie | Divisa | Moneda
    | 币种 | 币别 | 货币"""
TAGS = """Tags | Tag | Labels | Label | Label(s) | Schlagworte | Stichworte
    | Étiquettes | Etiquetas | 标签"""
CHANGED_AT = """Changed At | Last Modified Date | LastModifiedDate | Last Modified
    | Modified Time | Last Modified Time | Updated At | Updated | Update time
    | Last Update | Last Updated on | write_date | Changed | Geändert am
    | Modifié le | Date de modification | Fecha de modificación
    | 修改时间 | 更新时间 | 最后修改时间"""
