"""Tickets, campaigns, hidden fields, beats of workers; one target a period and person"""

import sqlalchemy as sa
from alembic import op
from crm.models import types
revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('hidden_field',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('admin', 'manager', 'sales', 'service', 'marketing', 'read_only', name='role', native_enum=False, length=20), nullable=False),
    sa.Column('entity', types.Text(40), nullable=False),
    sa.Column('field', types.Text(60), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hidden_field')),
    sa.UniqueConstraint('role', 'entity', 'field', name=op.f('uq_hidden_field_role_entity_field')),
    sqlite_autoincrement=True
    )
    op.create_table('worker_beat',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('worker', types.Text(120), nullable=False),
    sa.Column('seen_at', types.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worker_beat')),
    sa.UniqueConstraint('worker', name=op.f('uq_worker_beat_worker'))
    )
    with op.batch_alter_table('worker_beat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_worker_beat_seen_at'), ['seen_at'], unique=False)

    op.create_table('campaign',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('deleted_at', types.Instant(), nullable=True),
    sa.Column('name', types.Text(200), nullable=False),
    sa.Column('kind', sa.Enum('email', 'phone', 'post', 'event', 'advertising', 'other', name='campaignkind', native_enum=False, length=20), nullable=False),
    sa.Column('status', sa.Enum('planned', 'running', 'ended', 'cancelled', name='campaignstatus', native_enum=False, length=20), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('budget', types.Amount(), nullable=True),
    sa.Column('cost', types.Amount(), nullable=True),
    sa.Column('hold_out', sa.Float(), nullable=False),
    sa.Column('segment_id', types.Id, nullable=True),
    sa.Column('owner_id', types.Id, nullable=True),
    sa.Column('external_id', types.Text(80), nullable=True),
    sa.Column('description', types.LongText(), nullable=True),
    sa.Column('search_key', types.Text(600), nullable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['app_user.id'], name=op.f('fk_campaign_owner_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['segment_id'], ['segment.id'], name=op.f('fk_campaign_segment_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_campaign_deleted_at'), ['deleted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_campaign_external_id'), ['external_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_campaign_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_campaign_search_key'), ['search_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_campaign_segment_id'), ['segment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_campaign_status_starts_on'), ['status', 'starts_on'], unique=False)

    op.create_table('ticket',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('deleted_at', types.Instant(), nullable=True),
    sa.Column('subject', types.Text(200), nullable=False),
    sa.Column('kind', sa.Enum('inquiry', 'feedback', 'problem', name='ticketkind', native_enum=False, length=20), nullable=False),
    sa.Column('status', sa.Enum('new', 'open', 'waiting', 'solved', 'closed', name='ticketstatus', native_enum=False, length=20), nullable=False),
    sa.Column('priority', sa.Enum('low', 'normal', 'high', 'urgent', name='priority', native_enum=False, length=20), nullable=False),
    sa.Column('description', types.LongText(), nullable=True),
    sa.Column('source', types.Text(80), nullable=True),
    sa.Column('customer_id', types.Id, nullable=True),
    sa.Column('contact_id', types.Id, nullable=True),
    sa.Column('owner_id', types.Id, nullable=True),
    sa.Column('external_id', types.Text(80), nullable=True),
    sa.Column('opened_at', types.Instant(), nullable=False),
    sa.Column('solved_at', types.Instant(), nullable=True),
    sa.Column('search_key', types.Text(600), nullable=True),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_ticket_contact_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_ticket_customer_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id'], ['app_user.id'], name=op.f('fk_ticket_owner_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_customer_id_opened_at'), ['customer_id', 'opened_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_deleted_at'), ['deleted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_external_id'), ['external_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_search_key'), ['search_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_status_opened_at'), ['status', 'opened_at'], unique=False)

    op.create_table('recipient',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('campaign_id', types.Id, nullable=False),
    sa.Column('customer_id', types.Id, nullable=False),
    sa.Column('held_out', sa.Boolean(), nullable=False),
    sa.Column('reached_at', types.Instant(), nullable=True),
    sa.Column('responded_at', types.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_recipient_campaign_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_recipient_customer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recipient')),
    sa.UniqueConstraint('campaign_id', 'customer_id', name=op.f('uq_recipient_campaign_id_customer_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('recipient', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recipient_customer_id'), ['customer_id'], unique=False)

    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ticket_id', types.Id, nullable=True))
        batch_op.create_index(batch_op.f('ix_activity_ticket_id'), ['ticket_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_activity_ticket_id'), 'ticket', ['ticket_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('target', schema=None) as batch_op:
        batch_op.add_column(sa.Column('whose', types.Text(30), server_default='all', nullable=False))
        batch_op.drop_index(batch_op.f('ix_target_starts_on_period'))

    _tell_whose()
    with op.batch_alter_table('target', schema=None) as batch_op:
        batch_op.alter_column('whose', existing_type=types.Text(30), existing_nullable=False, server_default=None)
        batch_op.create_unique_constraint(batch_op.f('uq_target_starts_on_period_whose'), ['starts_on', 'period', 'whose'])



def _tell_whose() -> None:
    """Say whom each target is for; of two alike, the later one stays."""
    target = sa.table('target', *(sa.column(name) for name in ('id', 'owner_id', 'team_id', 'period', 'starts_on', 'whose')))
    connection = op.get_bind()
    kept: dict[tuple[object, str, str], int] = {}
    for row in connection.execute(sa.select(target).order_by(target.c.id)).all():
        if row.owner_id is not None:
            whose = f'user {row.owner_id}'
        else:
            whose = 'all' if row.team_id is None else f'team {row.team_id}'
        key = (row.starts_on, row.period, whose)
        if key in kept:
            connection.execute(sa.delete(target).where(target.c.id == kept[key]))
        kept[key] = row.id
        connection.execute(sa.update(target).where(target.c.id == row.id).values(whose=whose))


def downgrade() -> None:
    with op.batch_alter_table('target', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_target_starts_on_period_whose'), type_='unique')
        batch_op.create_index(batch_op.f('ix_target_starts_on_period'), ['starts_on', 'period'], unique=False)
        batch_op.drop_column('whose')

    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_activity_ticket_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_activity_ticket_id'))
        batch_op.drop_column('ticket_id')

    op.drop_table('recipient')
    op.drop_table('ticket')
    op.drop_table('campaign')
    op.drop_table('worker_beat')
    op.drop_table('hidden_field')
