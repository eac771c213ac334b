"""Leads and opportunities"""

import sqlalchemy as sa
from alembic import op
from crm.models import types
revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('pipeline',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('name', types.Text(80), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pipeline')),
    sa.UniqueConstraint('name', name=op.f('uq_pipeline_name')),
    sqlite_autoincrement=True
    )
    op.create_table('stage',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('pipeline_id', types.Id, nullable=False),
    sa.Column('name', types.Text(80), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('color', types.Text(20), nullable=False),
    sa.Column('probability', types.Amount(), nullable=False),
    sa.Column('kind', sa.Enum('open', 'won', 'lost', name='stagekind', native_enum=False, length=20), nullable=False),
    sa.Column('required', types.Json(), nullable=False),
    sa.ForeignKeyConstraint(['pipeline_id'], ['pipeline.id'], name=op.f('fk_stage_pipeline_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stage')),
    sa.UniqueConstraint('pipeline_id', 'name', name=op.f('uq_stage_pipeline_id_name')),
    sqlite_autoincrement=True
    )
    op.create_table('opportunity',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('deleted_at', types.Instant(), nullable=True),
    sa.Column('customer_id', types.Id, nullable=False),
    sa.Column('name', types.Text(200), nullable=False),
    sa.Column('pipeline_id', types.Id, nullable=False),
    sa.Column('stage_id', types.Id, nullable=False),
    sa.Column('state', sa.Enum('open', 'won', 'lost', name='stagekind', native_enum=False, length=20), nullable=False),
    sa.Column('stage_since', types.Instant(), nullable=False),
    sa.Column('amount', types.Amount(), nullable=True),
    sa.Column('currency', types.Text(3), nullable=False),
    sa.Column('close_on', sa.Date(), nullable=True),
    sa.Column('owner_id', types.Id, nullable=True),
    sa.Column('source', types.Text(80), nullable=True),
    sa.Column('competitor', types.Text(120), nullable=True),
    sa.Column('won_reason', sa.Enum('price', 'product', 'service', 'relationship', 'speed', 'other', name='wonreason', native_enum=False, length=20), nullable=True),
    sa.Column('lost_reason', sa.Enum('price', 'competitor', 'no_need', 'no_budget', 'no_answer', 'timing', 'other', name='lostreason', native_enum=False, length=20), nullable=True),
    sa.Column('close_note', types.Text(500), nullable=True),
    sa.Column('closed_at', types.Instant(), nullable=True),
    sa.Column('notes', types.LongText(), nullable=True),
    sa.Column('import_id', types.Id, nullable=True),
    sa.Column('search_key', types.Text(600), nullable=True),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_opportunity_customer_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['import_id'], ['import_run.id'], name=op.f('fk_opportunity_import_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_id'], ['app_user.id'], name=op.f('fk_opportunity_owner_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['pipeline_id'], ['pipeline.id'], name=op.f('fk_opportunity_pipeline_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['stage_id'], ['stage.id'], name=op.f('fk_opportunity_stage_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opportunity')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('opportunity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opportunity_close_on'), ['close_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_opportunity_customer_id_created_at'), ['customer_id', 'created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_opportunity_deleted_at'), ['deleted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_opportunity_import_id'), ['import_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_opportunity_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_opportunity_pipeline_id_state_closed_at'), ['pipeline_id', 'state', 'closed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_opportunity_search_key'), ['search_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_opportunity_stage_id_close_on'), ['stage_id', 'close_on'], unique=False)

    op.create_table('lead',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('deleted_at', types.Instant(), nullable=True),
    sa.Column('name', types.Text(200), nullable=False),
    sa.Column('company', types.Text(200), nullable=True),
    sa.Column('email', types.Text(254), nullable=True),
    sa.Column('phone', types.Text(40), nullable=True),
    sa.Column('source', types.Text(80), nullable=True),
    sa.Column('status', sa.Enum('new', 'working', 'converted', 'disqualified', name='leadstatus', native_enum=False, length=20), nullable=False),
    sa.Column('unfit_reason', sa.Enum('no_need', 'no_budget', 'no_answer', 'wrong_data', 'duplicate', 'other', name='unfit', native_enum=False, length=20), nullable=True),
    sa.Column('notes', types.LongText(), nullable=True),
    sa.Column('owner_id', types.Id, nullable=True),
    sa.Column('customer_id', types.Id, nullable=True),
    sa.Column('contact_id', types.Id, nullable=True),
    sa.Column('opportunity_id', types.Id, nullable=True),
    sa.Column('converted_at', types.Instant(), nullable=True),
    sa.Column('import_id', types.Id, nullable=True),
    sa.Column('search_key', types.Text(600), nullable=True),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_lead_contact_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_lead_customer_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['import_id'], ['import_run.id'], name=op.f('fk_lead_import_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_lead_opportunity_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_id'], ['app_user.id'], name=op.f('fk_lead_owner_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lead')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('lead', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lead_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_deleted_at'), ['deleted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_import_id'), ['import_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_opportunity_id'), ['opportunity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_search_key'), ['search_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_status_created_at'), ['status', 'created_at'], unique=False)

    op.create_table('stage_change',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('opportunity_id', types.Id, nullable=False),
    sa.Column('from_stage_id', types.Id, nullable=True),
    sa.Column('to_stage_id', types.Id, nullable=False),
    sa.Column('at', types.Instant(), nullable=False),
    sa.Column('by_id', types.Id, nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['app_user.id'], name=op.f('fk_stage_change_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['from_stage_id'], ['stage.id'], name=op.f('fk_stage_change_from_stage_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_stage_change_opportunity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['to_stage_id'], ['stage.id'], name=op.f('fk_stage_change_to_stage_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stage_change')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('stage_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stage_change_from_stage_id'), ['from_stage_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_stage_change_opportunity_id_at'), ['opportunity_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_stage_change_to_stage_id'), ['to_stage_id'], unique=False)


def downgrade() -> None:
    op.drop_table('stage_change')
    op.drop_table('lead')
    op.drop_table('opportunity')
    op.drop_table('stage')
    op.drop_table('pipeline')
