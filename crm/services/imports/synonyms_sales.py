"""Names of columns in files of products and of orders; see `synonyms`."""

from crm.services.imports import synonyms_shared as shared

_PRODUCT = """Product Name | Product | Item Name | Item | Title
    | Description | Article | Bezeichnung | Artikelbezeichnung | Artikelname
    | Produkt | Produktname | Artikel | Désignation | Libellé | Produit
    | Nom du produit | Descripción | Artículo | Producto | Nombre del producto
    | Concepto | 商品名称 | 产品名称 | 品名 | 货品名称 | 货物名称 | 物料名称 | 存货名称
    | 商品 | 产品 | 宝贝标题"""

PRODUCTS = {
    "sku": f"""{shared.SKU} | Code | Reference | Código | Product | Product Name | Item
        | Article | Produkt | Artikel | Produit | Producto | Artículo | 商品 | 产品""",
    "name": f"Name | {_PRODUCT} | Nom | Nombre | 名称",
    "category": """Category | Product Category | Product Family | Family | Group
        | Product Group | Product Type | Series | Product Line | categ_id
        | Kategorie | Warengruppe | Produktgruppe | Artikelgruppe | Catégorie | Famille
        | Categoría | Familia
        | 类别 | 分类 | 品类""",
    "price": """Price | Unit Price | UnitPrice | List Price | Sales Price
        | Retail Price | list_price | Preis | Listenpreis | Verkaufspreis | VK
        | VK-Preis | Prix | Prix de vente | Prix de vente HT | Prix HT | Precio | PVP
        | Precio de venta | 价格 | 单价 | 售价 | 零售价""",
    "currency": shared.CURRENCY,
    "active": """Active | Is Active | IsActive | Enabled | Available | Aktiv
        | Actif | Activo | 是否启用 | 启用 | 有效""",
    "changed_at": shared.CHANGED_AT,
}
ORDERS = {
    "order_number": """Order Number | Order No | Order ID | OrderID | Order
        | Order Reference | Invoice No | InvoiceNo | Invoice Number | Invoice
        | Transaction ID | Receipt Number | Document Number
        | Bestellnummer | Auftragsnummer | Rechnungsnummer | Belegnummer
        | Vorgangsnummer | Rech.-Nr | Re-Nr | Rechnung | Auftrag | Bestellung | Beleg
        | Numéro de commande | Numéro commande | Numéro de facture | Numéro facture
        | Réf. commande | Référence commande | Commande | Facture
        | Número de pedido | Número pedido | Número de factura | Número factura
        | Código de pedido | Pedido | Factura | ID de pedido
        | 订单号 | 订单编号 | 订单ID | 单号 | 销售单号 | 单据编号 | 单据号 | 交易号
        | 发票号 | 发票号码""",
    "ordered_at": """Ordered At | Order Date | Ordered On | OrderDate
        | Invoice Date | InvoiceDate | Date | Created at | Transaction Date
        | Purchase Date | date_order | Timestamp
        | Bestelldatum | Auftragsdatum | Rechnungsdatum | Belegdatum | Kaufdatum
        | Bestellt am | Re-Datum | Datum
        | Date de commande | Date commande | Date de la commande | Date de facture
        | Date facture | Date de facturation | Date d'achat | Commandé le
        | Fecha de pedido | Fecha pedido | Fecha del pedido | Fecha de factura
        | Fecha factura | Fecha de compra | Fecha
        | 订单日期 | 下单时间 | 下单日期 | 发票日期 | 开票日期 | 单据日期 | 销售日期
        | 购买日期 | 购买时间 | 交易时间 | 成交时间 | 付款时间 | 日期 | 时间""",
    "status": """Status | Order Status | Financial Status
        | Bestellstatus | Auftragsstatus | Statut | Statut de la commande | Estado
        | Estado del pedido | 状态 | 订单状态""",
    "customer_external_id": f"""{shared.CUSTOMER_ID} | Customer | Client | Buyer ID
        | User ID | Member ID | Card Number""",
    "customer_name": f"""{shared.NAME} | Billing Name | Buyer | Buyer Name | Käufer
        | Acheteur | Comprador | 买家 | 买家昵称 | 买方 | 购买方 | 购买方名称 | 购方名称
        | 购货单位""",
    "customer_email": f"Customer Email | Buyer Email | Billing Email | {shared.EMAIL}",
    "customer_country": f"Customer Country | {shared.COUNTRY}",
    "sku": f"""{shared.SKU} | Artikel | Article | Artículo | Item | Product | Produkt
        | Produit | Producto | Product Name | 商品 | 产品 | 品名 | 商品名称
        | 产品名称""",
    "product_name": f"""{_PRODUCT} | Item Description | Product Description
        | Lineitem name | Beschreibung""",
    "quantity": """Quantity | Qty | Units | Count | Lineitem quantity | Pieces
        | Ordered Quantity | Product quantity | Menge | Anzahl | Stückzahl | Stück
        | Bestellmenge | Quantité | Qté | Quantité commandée
        | Cantidad | Cant. | Unidades | Uds.
        | 数量 | 件数 | 购买数量 | 销售数量 | 订货数量""",
    "unit_price": """Unit Price | UnitPrice | Price | Item Price | Price per Unit
        | Lineitem price | Sales Price | Product amount
        | Einzelpreis | Preis | Stückpreis | E-Preis | EP | Einzelpreis netto
        | Nettopreis | VK-Preis | VK-Preis netto | Verkaufspreis | Preis pro Stück
        | Prix unitaire | Prix unitaire HT | PU | PU HT | Prix | Prix HT
        | Precio unitario | Precio unidad | Precio por unidad | Precio ud. | P. unitario
        | Precio
        | 单价 | 商品单价 | 销售单价 | 含税单价 | 成交单价 | 价格 | 售价""",
    "currency": shared.CURRENCY,
    "line_discount": """Line Discount | Discount | Discount % | Discount Percent
        | Disc. | Rabatt | Rabatt % | Remise | Remise % | Descuento | Dto. | Descuento %
        | 折扣 | 折扣率""",
}
