"""Names of columns in files of leads and of opportunities; see `synonyms`."""

from crm.services.imports import synonyms_shared as shared

_OWNER = """Sales Agent | Salesperson | Sales Rep | Account Manager | Assigned To
    | user_id | Besitzer | Betreuer | Verantwortlicher | Verkäufer | Responsable
    | Commercial | Vendedor | 负责人 | 所有者 | 业务员 | 销售员 | 销售"""
_SOURCE = """Lead Source | source_id | Original Source | Original Traffic Source
    | Quelle | Herkunft | Leadquelle | Origine | Origen | 来源"""
_CREATED = """Created Date | CreatedDate | Created Time | Create Date | Created At
    | Created on | Created | createdate | create_date | Erstellt am | Erstelldatum
    | Angelegt am | Date de création | Fecha de creación | 创建时间 | 创建日期"""

LEADS = {
    "external_id": f"{shared.EXTERNAL_ID} | Lead ID | Lead - ID | 线索编号",
    "first_name": """First Name | FirstName | Given Name | Vorname | Prénom | 名""",
    "name": """Lead Name | Full Name | Contact Name | Lead | Last Name | LastName
        | Surname | contact_name | Person - Name | Lead - Title | Nachname | Interessent
        | Ansprechpartner | Nom | Nombre | 线索名称 | 线索 | 姓名 | 联系人 | 姓""",
    "company": f"Company | Company name | partner_name | {shared.NAME}",
    "email": f"{shared.EMAIL} | email_from",
    "phone": shared.PHONE,
    "source": f"{_SOURCE} | Lead - Source origin | 线索来源",
    "status": """Lead Status | hs_lead_status | Lead state | Leadstatus | Statut
        | Estado | 线索状态 | 状态""",
    "unfit_reason": """Reason | Disqualification Reason | Unqualified Reason
        | Lost Reason | lost_reason_id | Ablehnungsgrund | 无效原因""",
    "customer": """ConvertedAccountId | Converted Account.id | Converted Account
        | partner_id | Kunde | 客户""",
    "created": f"{_CREATED} | Lead - Lead created | Received",
    "ended": """ConvertedDate | Converted Date | Conversion Date | Converted Time
        | Date Converted | Konvertiert am | 转化时间""",
    "notes": shared.NOTES,
    "owner": f"Lead Owner | Owner | Contact owner | {_OWNER}",
    "changed_at": shared.CHANGED_AT,
}
OPPORTUNITIES = {
    "external_id": f"""Opportunity ID | OpportunityId | Deal ID | Deal - ID
        | {shared.EXTERNAL_ID} | Verkaufschancennummer | 商机编号""",
    "name": """Opportunity Name | Deal Name | dealname | Deal - Title | Opportunity
        | Deal | Title | Verkaufschance | Chance | Opportunité | Affaire | Oportunidad
        | Negocio | 商机名称 | 商机""",
    "customer_external_id": f"""{shared.CUSTOMER_ID} | Account Name.id
        | Associated Company IDs | Deal - Organization ID | partner_id/id
        | Customer/External ID""",
    "customer_name": f"""{shared.NAME} | Associated Company | Deal - Organization
        | partner_id""",
    "product": """Product Name | Deal - Product name | Product Code | SKU | Item
        | Produkt | Artikel | Produit | Producto | 产品 | 产品名称 | 商品""",
    "pipeline": "Sales Pipeline | Deal - Pipeline | Sales Process | team_id | 销售管道",
    "stage": """Deal Stage | Stage Name | StageName | dealstage | Deal - Stage
        | Sales Stage | stage_id | Phase | Verkaufsphase | Étape | Etapa | 阶段
        | 销售阶段""",
    "state": "Deal - Status | Status | Outcome | Ergebnis | Statut | Estado | 状态",
    "amount": """Deal Amount | Value | Deal - Value | Close Value | Deal Value
        | Expected Revenue | expected_revenue | Revenue | Betrag | Wert | Montant
        | Importe | Valor | 金额 | 预计金额 | 商机金额""",
    "currency": f"{shared.CURRENCY} | Deal - Currency of Value",
    "opened": f"Engage Date | Open Date | {_CREATED} | Deal - Deal created | 开始日期",
    "closes": """Closing Date | CloseDate | closedate | Closed Date | Expected Closing
        | date_deadline | Deal - Expected close date | Expected close date
        | Abschlussdatum | Date de clôture | Fecha de cierre | 预计成交日期 | 成交日期
        | 结单日期""",
    "owner": f"""Opportunity Owner | Deal Owner | Deal - Owner | Owner
        | {_OWNER}""",
    "source": f"{_SOURCE} | Deal - Source origin | 商机来源",
    "competitor": "Main Competitor | Competitors | Konkurrent | Wettbewerber | 对手",
    "reason": """Reason For Loss | Closed Lost Reason | Lost Reason | Deal - Lost reason
        | Loss Reason | lost_reason_id | Closed Won Reason | Verlustgrund | Grund
        | 输单原因 | 丢单原因""",
    "notes": f"{shared.NOTES} | Next Step",
    "changed_at": shared.CHANGED_AT,
}
