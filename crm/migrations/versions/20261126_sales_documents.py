"""Quotes, invoices, payments, price lists, rates, targets, web forms, mail"""

import sqlalchemy as sa
from alembic import op
from crm.config import settings
from crm.models import types
revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('exchange_rate',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('currency', types.Text(3), nullable=False),
    sa.Column('rate_on', sa.Date(), nullable=False),
    sa.Column('rate', types.Rate(), nullable=False),
    sa.Column('source', types.Text(80), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exchange_rate')),
    sa.UniqueConstraint('currency', 'rate_on', name=op.f('uq_exchange_rate_currency_rate_on')),
    sqlite_autoincrement=True
    )
    op.create_table('number_series',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('kind', types.Text(20), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_number_series')),
    sa.UniqueConstraint('kind', 'year', name=op.f('uq_number_series_kind_year'))
    )
    op.create_table('price_list',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('deleted_at', types.Instant(), nullable=True),
    sa.Column('name', types.Text(120), nullable=False),
    sa.Column('currency', types.Text(3), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('search_key', types.Text(600), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_list')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('price_list', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_price_list_deleted_at'), ['deleted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_price_list_search_key'), ['search_key'], unique=False)

    op.create_table('forecast_override',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('owner_id', types.Id, nullable=True),
    sa.Column('team_id', types.Id, nullable=True),
    sa.Column('period', sa.Enum('month', 'quarter', 'year', name='period', native_enum=False, length=20), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('category', sa.Enum('commit', 'best_case', 'pipeline', 'omitted', name='forecastcategory', native_enum=False, length=20), nullable=False),
    sa.Column('amount', types.Amount(), nullable=True),
    sa.Column('note', types.Text(500), nullable=True),
    sa.Column('by_id', types.Id, nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['app_user.id'], name=op.f('fk_forecast_override_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_id'], ['app_user.id'], name=op.f('fk_forecast_override_owner_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_forecast_override_team_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forecast_override')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('forecast_override', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_forecast_override_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_forecast_override_starts_on_period'), ['starts_on', 'period'], unique=False)
        batch_op.create_index(batch_op.f('ix_forecast_override_team_id'), ['team_id'], unique=False)

    op.create_table('target',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('owner_id', types.Id, nullable=True),
    sa.Column('team_id', types.Id, nullable=True),
    sa.Column('period', sa.Enum('month', 'quarter', 'year', name='period', native_enum=False, length=20), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('amount', types.Amount(), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['app_user.id'], name=op.f('fk_target_owner_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_target_team_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_target')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('target', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_target_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_target_starts_on_period'), ['starts_on', 'period'], unique=False)
        batch_op.create_index(batch_op.f('ix_target_team_id'), ['team_id'], unique=False)

    op.create_table('web_form',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('name', types.Text(80), nullable=False),
    sa.Column('key', types.Text(40), nullable=False),
    sa.Column('title', types.Text(120), nullable=False),
    sa.Column('intro', types.LongText(), nullable=True),
    sa.Column('thanks', types.LongText(), nullable=True),
    sa.Column('source', types.Text(80), nullable=False),
    sa.Column('language', types.Text(10), nullable=False),
    sa.Column('asks', types.Json(), nullable=False),
    sa.Column('owner_id', types.Id, nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['app_user.id'], name=op.f('fk_web_form_owner_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_web_form')),
    sa.UniqueConstraint('key', name=op.f('uq_web_form_key')),
    sa.UniqueConstraint('name', name=op.f('uq_web_form_name')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('web_form', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_web_form_owner_id'), ['owner_id'], unique=False)

    op.create_table('list_price',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('price_list_id', types.Id, nullable=False),
    sa.Column('product_id', types.Id, nullable=False),
    sa.Column('min_quantity', types.Amount(), nullable=False),
    sa.Column('price', types.Amount(), nullable=False),
    sa.ForeignKeyConstraint(['price_list_id'], ['price_list.id'], name=op.f('fk_list_price_price_list_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_list_price_product_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_list_price')),
    sa.UniqueConstraint('price_list_id', 'product_id', 'min_quantity', name=op.f('uq_list_price_price_list_id_product_id_min_quantity')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('list_price', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_list_price_product_id'), ['product_id'], unique=False)

    op.create_table('estimate',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('opportunity_id', types.Id, nullable=False),
    sa.Column('at', types.Instant(), nullable=False),
    sa.Column('base_amount', types.Amount(), nullable=True),
    sa.Column('close_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_estimate_opportunity_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_estimate')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('estimate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_estimate_opportunity_id_at'), ['opportunity_id', 'at'], unique=False)

    op.create_table('opportunity_line',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('product_id', types.Id, nullable=False),
    sa.Column('description', types.Text(200), nullable=True),
    sa.Column('quantity', types.Amount(), nullable=False),
    sa.Column('unit_price', types.Amount(), nullable=False),
    sa.Column('discount', types.Amount(), server_default='0', nullable=False),
    sa.Column('tax_rate', types.Amount(), server_default='0', nullable=False),
    sa.Column('amount', types.Amount(), nullable=False),
    sa.Column('opportunity_id', types.Id, nullable=False),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_opportunity_line_opportunity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_opportunity_line_product_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opportunity_line')),
    sa.UniqueConstraint('opportunity_id', 'position', name=op.f('uq_opportunity_line_opportunity_id_position'))
    )
    with op.batch_alter_table('opportunity_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opportunity_line_product_id'), ['product_id'], unique=False)

    op.create_table('quote',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('deleted_at', types.Instant(), nullable=True),
    sa.Column('currency', types.Text(3), nullable=False),
    sa.Column('rate', types.Rate(), nullable=True),
    sa.Column('rate_on', sa.Date(), nullable=True),
    sa.Column('number', types.Text(60), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('draft', 'sent', 'accepted', 'declined', 'replaced', name='quotestatus', native_enum=False, length=20), nullable=False),
    sa.Column('customer_id', types.Id, nullable=False),
    sa.Column('contact_id', types.Id, nullable=True),
    sa.Column('opportunity_id', types.Id, nullable=True),
    sa.Column('price_list_id', types.Id, nullable=True),
    sa.Column('owner_id', types.Id, nullable=True),
    sa.Column('language', types.Text(10), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('intro', types.LongText(), nullable=True),
    sa.Column('terms', types.LongText(), nullable=True),
    sa.Column('net', types.Amount(), nullable=False),
    sa.Column('tax', types.Amount(), nullable=False),
    sa.Column('total', types.Amount(), nullable=False),
    sa.Column('base_total', types.Amount(), nullable=True),
    sa.Column('sent_at', types.Instant(), nullable=True),
    sa.Column('answered_at', types.Instant(), nullable=True),
    sa.Column('answered_by', types.Text(200), nullable=True),
    sa.Column('answer_note', types.Text(500), nullable=True),
    sa.Column('search_key', types.Text(600), nullable=True),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_quote_contact_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_quote_customer_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_quote_opportunity_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_id'], ['app_user.id'], name=op.f('fk_quote_owner_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['price_list_id'], ['price_list.id'], name=op.f('fk_quote_price_list_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quote')),
    sa.UniqueConstraint('number', 'revision', name=op.f('uq_quote_number_revision')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('quote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quote_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_quote_customer_id_issued_on'), ['customer_id', 'issued_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_quote_deleted_at'), ['deleted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_quote_opportunity_id'), ['opportunity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_quote_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_quote_price_list_id'), ['price_list_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_quote_search_key'), ['search_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_quote_valid_until'), ['valid_until'], unique=False)

    op.create_table('quote_line',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('product_id', types.Id, nullable=False),
    sa.Column('description', types.Text(200), nullable=True),
    sa.Column('quantity', types.Amount(), nullable=False),
    sa.Column('unit_price', types.Amount(), nullable=False),
    sa.Column('discount', types.Amount(), server_default='0', nullable=False),
    sa.Column('tax_rate', types.Amount(), server_default='0', nullable=False),
    sa.Column('amount', types.Amount(), nullable=False),
    sa.Column('quote_id', types.Id, nullable=False),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_quote_line_product_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['quote_id'], ['quote.id'], name=op.f('fk_quote_line_quote_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quote_line')),
    sa.UniqueConstraint('quote_id', 'position', name=op.f('uq_quote_line_quote_id_position'))
    )
    with op.batch_alter_table('quote_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quote_line_product_id'), ['product_id'], unique=False)

    op.create_table('invoice',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('currency', types.Text(3), nullable=False),
    sa.Column('rate', types.Rate(), nullable=True),
    sa.Column('rate_on', sa.Date(), nullable=True),
    sa.Column('kind', sa.Enum('invoice', 'credit_note', name='invoicekind', native_enum=False, length=20), nullable=False),
    sa.Column('number', types.Text(60), nullable=False),
    sa.Column('customer_id', types.Id, nullable=False),
    sa.Column('order_id', types.Id, nullable=True),
    sa.Column('credited_id', types.Id, nullable=True),
    sa.Column('language', types.Text(10), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('recipient', types.LongText(), nullable=False),
    sa.Column('terms', types.LongText(), nullable=True),
    sa.Column('net', types.Amount(), nullable=False),
    sa.Column('tax', types.Amount(), nullable=False),
    sa.Column('total', types.Amount(), nullable=False),
    sa.Column('base_total', types.Amount(), nullable=True),
    sa.Column('paid', types.Amount(), nullable=False),
    sa.Column('credited', types.Amount(), nullable=False),
    sa.Column('balance', types.Amount(), nullable=False),
    sa.Column('search_key', types.Text(600), nullable=True),
    sa.ForeignKeyConstraint(['credited_id'], ['invoice.id'], name=op.f('fk_invoice_credited_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_invoice_customer_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['order_id'], ['sales_order.id'], name=op.f('fk_invoice_order_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invoice')),
    sa.UniqueConstraint('number', name=op.f('uq_invoice_number')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('invoice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invoice_credited_id'), ['credited_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invoice_customer_id_issued_on'), ['customer_id', 'issued_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_invoice_due_on_balance'), ['due_on', 'balance'], unique=False)
        batch_op.create_index(batch_op.f('ix_invoice_order_id'), ['order_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invoice_search_key'), ['search_key'], unique=False)

    op.create_table('invoice_line',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('product_id', types.Id, nullable=False),
    sa.Column('description', types.Text(200), nullable=True),
    sa.Column('quantity', types.Amount(), nullable=False),
    sa.Column('unit_price', types.Amount(), nullable=False),
    sa.Column('discount', types.Amount(), server_default='0', nullable=False),
    sa.Column('tax_rate', types.Amount(), server_default='0', nullable=False),
    sa.Column('amount', types.Amount(), nullable=False),
    sa.Column('invoice_id', types.Id, nullable=False),
    sa.Column('order_line_id', types.Id, nullable=True),
    sa.ForeignKeyConstraint(['invoice_id'], ['invoice.id'], name=op.f('fk_invoice_line_invoice_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name=op.f('fk_invoice_line_order_line_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_invoice_line_product_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invoice_line')),
    sa.UniqueConstraint('invoice_id', 'position', name=op.f('uq_invoice_line_invoice_id_position'))
    )
    with op.batch_alter_table('invoice_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invoice_line_order_line_id'), ['order_line_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invoice_line_product_id'), ['product_id'], unique=False)

    op.create_table('outgoing_mail',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('customer_id', types.Id, nullable=True),
    sa.Column('contact_id', types.Id, nullable=True),
    sa.Column('quote_id', types.Id, nullable=True),
    sa.Column('invoice_id', types.Id, nullable=True),
    sa.Column('by_id', types.Id, nullable=True),
    sa.Column('to_address', types.Text(254), nullable=False),
    sa.Column('reply_to', types.Text(254), nullable=True),
    sa.Column('subject', types.Text(200), nullable=False),
    sa.Column('body', types.LongText(), nullable=False),
    sa.Column('attachment_name', types.Text(120), nullable=True),
    sa.Column('attachment', types.Bytes(), nullable=True),
    sa.Column('message_id', types.Text(200), nullable=False),
    sa.Column('state', sa.Enum('queued', 'sent', 'failed', name='mailstate', native_enum=False, length=20), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('error', types.Text(500), nullable=True),
    sa.Column('sent_at', types.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['app_user.id'], name=op.f('fk_outgoing_mail_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_outgoing_mail_contact_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_outgoing_mail_customer_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['invoice_id'], ['invoice.id'], name=op.f('fk_outgoing_mail_invoice_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['quote_id'], ['quote.id'], name=op.f('fk_outgoing_mail_quote_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outgoing_mail')),
    sa.UniqueConstraint('message_id', name=op.f('uq_outgoing_mail_message_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('outgoing_mail', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outgoing_mail_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outgoing_mail_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outgoing_mail_invoice_id'), ['invoice_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outgoing_mail_quote_id'), ['quote_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outgoing_mail_state_created_at'), ['state', 'created_at'], unique=False)

    op.create_table('payment',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('currency', types.Text(3), nullable=False),
    sa.Column('rate', types.Rate(), nullable=True),
    sa.Column('rate_on', sa.Date(), nullable=True),
    sa.Column('invoice_id', types.Id, nullable=False),
    sa.Column('customer_id', types.Id, nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=False),
    sa.Column('amount', types.Amount(), nullable=False),
    sa.Column('base_amount', types.Amount(), nullable=True),
    sa.Column('method', sa.Enum('transfer', 'card', 'cash', 'direct_debit', 'other', name='paymentmethod', native_enum=False, length=20), nullable=False),
    sa.Column('reference', types.Text(120), nullable=True),
    sa.Column('voided_at', types.Instant(), nullable=True),
    sa.Column('void_reason', types.Text(200), nullable=True),
    sa.Column('search_key', types.Text(600), nullable=True),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_payment_customer_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['invoice_id'], ['invoice.id'], name=op.f('fk_payment_invoice_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('payment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_payment_customer_id_paid_on'), ['customer_id', 'paid_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_payment_invoice_id'), ['invoice_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payment_search_key'), ['search_key'], unique=False)

    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.add_column(sa.Column('opportunity_id', types.Id, nullable=True))
        batch_op.create_index(batch_op.f('ix_activity_opportunity_id'), ['opportunity_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_activity_opportunity_id'), 'opportunity', ['opportunity_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('lead', schema=None) as batch_op:
        batch_op.add_column(sa.Column('score', types.Amount(), nullable=True))
        batch_op.add_column(sa.Column('web_form_id', types.Id, nullable=True))
        batch_op.add_column(sa.Column('external_id', types.Text(80), nullable=True))
        batch_op.add_column(sa.Column('external_key', types.Text(80), nullable=True))
        batch_op.create_index(batch_op.f('ix_lead_web_form_id'), ['web_form_id'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_lead_external_key'), ['external_key'])
        batch_op.create_foreign_key(batch_op.f('fk_lead_web_form_id'), 'web_form', ['web_form_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('opportunity', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rate', types.Rate(), nullable=True))
        batch_op.add_column(sa.Column('rate_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('base_amount', types.Amount(), nullable=True))
        batch_op.add_column(sa.Column('forecast_category', sa.Enum('commit', 'best_case', 'pipeline', 'omitted', name='forecastcategory', native_enum=False, length=20), nullable=True))
        batch_op.add_column(sa.Column('win_chance', types.Amount(), nullable=True))
        batch_op.add_column(sa.Column('external_id', types.Text(80), nullable=True))
        batch_op.add_column(sa.Column('external_key', types.Text(80), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_opportunity_external_key'), ['external_key'])

    with op.batch_alter_table('order_line', schema=None) as batch_op:
        batch_op.add_column(sa.Column('discount', types.Amount(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('tax_rate', types.Amount(), server_default='0', nullable=False))

    with op.batch_alter_table('product', schema=None) as batch_op:
        batch_op.add_column(sa.Column('tax_rate', types.Amount(), nullable=True))

    with op.batch_alter_table('sales_order', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rate', types.Rate(), nullable=True))
        batch_op.add_column(sa.Column('rate_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('tax', types.Amount(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('base_total', types.Amount(), nullable=True))
        batch_op.add_column(sa.Column('quote_id', types.Id, nullable=True))
        batch_op.add_column(sa.Column('opportunity_id', types.Id, nullable=True))
        batch_op.create_index(batch_op.f('ix_sales_order_opportunity_id'), ['opportunity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sales_order_quote_id'), ['quote_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_sales_order_quote_id'), 'quote', ['quote_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_sales_order_opportunity_id'), 'opportunity', ['opportunity_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('subscription', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rate', types.Rate(), nullable=True))
        batch_op.add_column(sa.Column('rate_on', sa.Date(), nullable=True))

    _fill()


def _fill() -> None:
    """What is in the book currency is worth itself; opportunities were as they are."""
    connection, book = op.get_bind(), settings().currency
    for name, amounts in (
        ('sales_order', ('total', 'base_total')),
        ('opportunity', ('amount', 'base_amount')),
        ('subscription', ()),
    ):
        table = sa.table(
            name,
            sa.column('currency', types.Text(3)),
            sa.column('rate', types.Rate()),
            *(sa.column(one, types.Amount()) for one in amounts),
        )
        values: dict[str, object] = {'rate': 1}
        if amounts:
            values[amounts[1]] = table.c[amounts[0]]
        connection.execute(
            table.update().where(table.c.currency == book).values(values)
        )
    instants = ('created_at', 'updated_at')
    before = sa.table(
        'opportunity',
        *(sa.column(one, types.Instant()) for one in instants),
        sa.column('id', types.Id),
        sa.column('base_amount', types.Amount()),
        sa.column('close_on', sa.Date()),
    )
    columns = ('created_at', 'updated_at', 'version', 'opportunity_id', 'at', 'base_amount', 'close_on')
    estimate = sa.table('estimate', *(sa.column(one) for one in columns))
    c = before.c
    found = sa.select(
        c.created_at, c.created_at, sa.literal(1), c.id, c.created_at, c.base_amount, c.close_on
    )
    connection.execute(estimate.insert().from_select(list(columns), found))


def downgrade() -> None:
    with op.batch_alter_table('subscription', schema=None) as batch_op:
        batch_op.drop_column('rate_on')
        batch_op.drop_column('rate')

    with op.batch_alter_table('sales_order', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_sales_order_opportunity_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_sales_order_quote_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_sales_order_quote_id'))
        batch_op.drop_index(batch_op.f('ix_sales_order_opportunity_id'))
        batch_op.drop_column('opportunity_id')
        batch_op.drop_column('quote_id')
        batch_op.drop_column('base_total')
        batch_op.drop_column('tax')
        batch_op.drop_column('rate_on')
        batch_op.drop_column('rate')

    with op.batch_alter_table('product', schema=None) as batch_op:
        batch_op.drop_column('tax_rate')

    with op.batch_alter_table('order_line', schema=None) as batch_op:
        batch_op.drop_column('tax_rate')
        batch_op.drop_column('discount')

    with op.batch_alter_table('opportunity', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_opportunity_external_key'), type_='unique')
        batch_op.drop_column('external_key')
        batch_op.drop_column('external_id')
        batch_op.drop_column('win_chance')
        batch_op.drop_column('forecast_category')
        batch_op.drop_column('base_amount')
        batch_op.drop_column('rate_on')
        batch_op.drop_column('rate')

    with op.batch_alter_table('lead', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_lead_web_form_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_lead_external_key'), type_='unique')
        batch_op.drop_index(batch_op.f('ix_lead_web_form_id'))
        batch_op.drop_column('external_key')
        batch_op.drop_column('external_id')
        batch_op.drop_column('web_form_id')
        batch_op.drop_column('score')

    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_activity_opportunity_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_activity_opportunity_id'))
        batch_op.drop_column('opportunity_id')

    op.drop_table('payment')
    op.drop_table('outgoing_mail')
    op.drop_table('invoice_line')
    op.drop_table('invoice')
    op.drop_table('quote_line')
    op.drop_table('quote')
    op.drop_table('opportunity_line')
    op.drop_table('estimate')
    op.drop_table('list_price')
    op.drop_table('web_form')
    op.drop_table('target')
    op.drop_table('forecast_override')
    op.drop_table('price_list')
    op.drop_table('number_series')
    op.drop_table('exchange_rate')
