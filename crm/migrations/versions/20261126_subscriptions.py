"""Subscriptions"""

import sqlalchemy as sa
from alembic import op
from crm.models import types
revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('subscription',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('deleted_at', types.Instant(), nullable=True),
    sa.Column('number', types.Text(60), nullable=False),
    sa.Column('name', types.Text(200), nullable=True),
    sa.Column('customer_id', types.Id, nullable=False),
    sa.Column('product_id', types.Id, nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('term_months', sa.Integer(), nullable=True),
    sa.Column('auto_renew', sa.Boolean(), nullable=False),
    sa.Column('remind_days', sa.Integer(), nullable=False),
    sa.Column('renewal_on', sa.Date(), nullable=True),
    sa.Column('reminded_for', sa.Date(), nullable=True),
    sa.Column('prices', types.Json(), nullable=False),
    sa.Column('price', types.Amount(), nullable=False),
    sa.Column('quantity', types.Amount(), nullable=False),
    sa.Column('billing_period', sa.Enum('monthly', 'quarterly', 'yearly', name='billingperiod', native_enum=False, length=20), nullable=False),
    sa.Column('price_from', sa.Date(), nullable=True),
    sa.Column('monthly', types.Amount(), nullable=False),
    sa.Column('currency', types.Text(3), nullable=False),
    sa.Column('cancelled_on', sa.Date(), nullable=True),
    sa.Column('cancel_reason', sa.Enum('price', 'competitor', 'no_need', 'service', 'closed', 'other', name='cancelreason', native_enum=False, length=20), nullable=True),
    sa.Column('cancel_note', types.Text(500), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('search_key', types.Text(600), nullable=True),
    sa.Column('number_key', types.Text(60), nullable=True),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_subscription_customer_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_subscription_product_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription')),
    sa.UniqueConstraint('number_key', name=op.f('uq_subscription_number_key')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('subscription', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_subscription_customer_id_starts_on'), ['customer_id', 'starts_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_subscription_deleted_at'), ['deleted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_subscription_ends_on'), ['ends_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_subscription_product_id'), ['product_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_subscription_renewal_on'), ['renewal_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_subscription_search_key'), ['search_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_subscription_starts_on'), ['starts_on'], unique=False)


def downgrade() -> None:
    op.drop_table('subscription')
