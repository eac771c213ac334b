"""Suggestions"""

import sqlalchemy as sa
from alembic import op
from crm.models import types
revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('suggestion',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('customer_id', types.Id, nullable=False),
    sa.Column('kind', sa.Enum('win_back', 'next_product', name='suggestionkind', native_enum=False, length=20), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('worth', types.Amount(), nullable=False),
    sa.Column('facts', types.Json(), nullable=False),
    sa.Column('state', sa.Enum('open', 'accepted', 'wrong', 'left_alone', name='suggestionstate', native_enum=False, length=20), nullable=False),
    sa.Column('snoozed_until', sa.Date(), nullable=True),
    sa.Column('decided_at', types.Instant(), nullable=True),
    sa.Column('decided_by', types.Id, nullable=True),
    sa.Column('activity_id', types.Id, nullable=True),
    sa.Column('analysis_id', types.Id, nullable=True),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_suggestion_activity_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['analysis_id'], ['analysis.id'], name=op.f('fk_suggestion_analysis_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_suggestion_customer_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['decided_by'], ['app_user.id'], name=op.f('fk_suggestion_decided_by'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestion')),
    sa.UniqueConstraint('customer_id', 'kind', 'made_on', name=op.f('uq_suggestion_customer_id_kind_made_on')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('suggestion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_suggestion_state_made_on'), ['state', 'made_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_suggestion_activity_id'), ['activity_id'], unique=False)


def downgrade() -> None:
    op.drop_table('suggestion')
