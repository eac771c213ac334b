"""First tables"""

import sqlalchemy as sa
from alembic import op
from crm.models import types
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('contact_point',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('entity', types.Text(40), nullable=False),
    sa.Column('record_id', types.Id, nullable=False),
    sa.Column('kind', sa.Enum('email', 'phone', name='pointkind', native_enum=False, length=20), nullable=False),
    sa.Column('type', types.Text(40), nullable=False),
    sa.Column('content', types.Text(254), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_point')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('contact_point', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_point_entity_record_id'), ['entity', 'record_id'], unique=False)

    op.create_table('custom_field',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('deleted_at', types.Instant(), nullable=True),
    sa.Column('entity', types.Text(40), nullable=False),
    sa.Column('name', types.Text(40), nullable=False),
    sa.Column('label', types.Text(80), nullable=False),
    sa.Column('kind', sa.Enum('text', 'number', 'money', 'date', 'choice', 'choices', 'yes_no', 'link', name='customkind', native_enum=False, length=20), nullable=False),
    sa.Column('choices', types.Json(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_custom_field')),
    sa.UniqueConstraint('entity', 'name', name=op.f('uq_custom_field_entity_name')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('custom_field', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_custom_field_deleted_at'), ['deleted_at'], unique=False)

    op.create_table('idempotency_key',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('key', types.Text(300), nullable=False),
    sa.Column('request', types.Text(64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('location', types.Text(300), nullable=True),
    sa.Column('etag', types.Text(40), nullable=True),
    sa.Column('answer', types.Json(), nullable=True),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idempotency_key')),
    sa.UniqueConstraint('key', name=op.f('uq_idempotency_key_key'))
    )
    with op.batch_alter_table('idempotency_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_idempotency_key_created_at'), ['created_at'], unique=False)

    op.create_table('log_cursor',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('reader', types.Text(40), nullable=False),
    sa.Column('change_id', types.Id, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_cursor')),
    sa.UniqueConstraint('reader', name=op.f('uq_log_cursor_reader'))
    )
    op.create_table('log_head',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('operation_id', types.Id, nullable=True),
    sa.Column('operations', sa.Integer(), nullable=False),
    sa.Column('seal', types.Text(64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_head'))
    )
    op.create_table('operation',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('at', types.Instant(), nullable=False),
    sa.Column('actor_id', types.Id, nullable=True),
    sa.Column('actor_name', types.Text(120), nullable=False),
    sa.Column('actor_kind', types.Text(20), nullable=False),
    sa.Column('reason', sa.Enum('edit', 'bulk', 'import', 'merge', 'undo', 'restore', 'purge', 'export', 'sign_in', 'demo', 'system', name='reason', native_enum=False, length=20), nullable=False),
    sa.Column('note', types.Text(500), nullable=True),
    sa.Column('undoes', types.Id, nullable=True),
    sa.Column('seal', types.Text(64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_operation'))
    )
    with op.batch_alter_table('operation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_operation_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_operation_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_operation_undoes'), ['undoes'], unique=False)

    op.create_table('setting',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('name', types.Text(80), nullable=False),
    sa.Column('content', types.Json(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_setting')),
    sa.UniqueConstraint('name', name=op.f('uq_setting_name')),
    sqlite_autoincrement=True
    )
    op.create_table('tag',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('name', types.Text(60), nullable=False),
    sa.Column('color', types.Text(20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tag')),
    sa.UniqueConstraint('name', name=op.f('uq_tag_name')),
    sqlite_autoincrement=True
    )
    op.create_table('team',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('name', types.Text(80), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team')),
    sa.UniqueConstraint('name', name=op.f('uq_team_name')),
    sqlite_autoincrement=True
    )
    op.create_table('throttle',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('key', types.Text(300), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('last_at', types.Instant(), nullable=False),
    sa.Column('blocked_until', types.Instant(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_throttle')),
    sa.UniqueConstraint('key', name=op.f('uq_throttle_key'))
    )
    op.create_table('app_user',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('email', types.Text(254), nullable=False),
    sa.Column('name', types.Text(120), nullable=False),
    sa.Column('role', sa.Enum('admin', 'manager', 'sales', 'service', 'marketing', 'read_only', name='role', native_enum=False, length=20), nullable=False),
    sa.Column('reach', sa.Enum('own', 'team', 'all', name='reach', native_enum=False, length=20), nullable=False),
    sa.Column('team_id', types.Id, nullable=True),
    sa.Column('language', types.Text(10), nullable=True),
    sa.Column('password_hash', types.Text(255), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_app_user_team_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_app_user')),
    sa.UniqueConstraint('email', name=op.f('uq_app_user_email')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('app_user', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_app_user_team_id'), ['team_id'], unique=False)

    op.create_table('custom_value',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('field_id', types.Id, nullable=False),
    sa.Column('record_id', types.Id, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', types.Text(500), nullable=True),
    sa.Column('number', types.Amount(), nullable=True),
    sa.Column('day', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['field_id'], ['custom_field.id'], name=op.f('fk_custom_value_field_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_custom_value')),
    sa.UniqueConstraint('field_id', 'record_id', 'position', name=op.f('uq_custom_value_field_id_record_id_position')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('custom_value', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_custom_value_field_id_day'), ['field_id', 'day'], unique=False)
        batch_op.create_index(batch_op.f('ix_custom_value_field_id_number'), ['field_id', 'number'], unique=False)
        batch_op.create_index(batch_op.f('ix_custom_value_field_id_text'), ['field_id', 'text'], unique=False)
        batch_op.create_index(batch_op.f('ix_custom_value_record_id'), ['record_id'], unique=False)

    op.create_table('row_change',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('operation_id', types.Id, nullable=False),
    sa.Column('entity', types.Text(40), nullable=False),
    sa.Column('record_id', types.Id, nullable=False),
    sa.Column('last_id', types.Id, nullable=True),
    sa.Column('customer_id', types.Id, nullable=True),
    sa.Column('deed', sa.Enum('create', 'update', 'delete', 'batch', name='deed', native_enum=False, length=20), nullable=False),
    sa.Column('before', types.Json(), nullable=True),
    sa.Column('after', types.Json(), nullable=True),
    sa.ForeignKeyConstraint(['operation_id'], ['operation.id'], name=op.f('fk_row_change_operation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_row_change'))
    )
    with op.batch_alter_table('row_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_row_change_customer_id_id'), ['customer_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_row_change_entity_record_id_id'), ['entity', 'record_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_row_change_operation_id'), ['operation_id'], unique=False)

    op.create_table('tagging',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('tag_id', types.Id, nullable=False),
    sa.Column('entity', types.Text(40), nullable=False),
    sa.Column('record_id', types.Id, nullable=False),
    sa.ForeignKeyConstraint(['tag_id'], ['tag.id'], name=op.f('fk_tagging_tag_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tagging')),
    sa.UniqueConstraint('entity', 'record_id', 'tag_id', name=op.f('uq_tagging_entity_record_id_tag_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('tagging', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tagging_tag_id_entity_record_id'), ['tag_id', 'entity', 'record_id'], unique=False)

    op.create_table('api_token',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('user_id', types.Id, nullable=False),
    sa.Column('name', types.Text(80), nullable=False),
    sa.Column('hint', types.Text(16), nullable=False),
    sa.Column('token_hash', types.Text(64), nullable=False),
    sa.Column('scopes', types.Json(), nullable=False),
    sa.Column('expires_at', types.Instant(), nullable=True),
    sa.Column('used_at', types.Instant(), nullable=True),
    sa.Column('revoked_at', types.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['app_user.id'], name=op.f('fk_api_token_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_token_token_hash')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('api_token', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_api_token_user_id'), ['user_id'], unique=False)

    op.create_table('draft',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('user_id', types.Id, nullable=False),
    sa.Column('form', types.Text(120), nullable=False),
    sa.Column('content', types.Json(), nullable=False),
    sa.Column('at', types.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['app_user.id'], name=op.f('fk_draft_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft')),
    sa.UniqueConstraint('user_id', 'form', name=op.f('uq_draft_user_id_form'))
    )
    op.create_table('favourite',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('user_id', types.Id, nullable=False),
    sa.Column('entity', types.Text(40), nullable=False),
    sa.Column('record_id', types.Id, nullable=False),
    sa.Column('kind', types.Text(20), nullable=False),
    sa.Column('at', types.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['app_user.id'], name=op.f('fk_favourite_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_favourite')),
    sa.UniqueConstraint('user_id', 'entity', 'record_id', 'kind', name=op.f('uq_favourite_user_id_entity_record_id_kind'))
    )
    op.create_table('import_run',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('target', types.Text(40), nullable=False),
    sa.Column('file_name', types.Text(255), nullable=False),
    sa.Column('file_key', types.Text(64), nullable=False),
    sa.Column('state', sa.Enum('uploaded', 'checked', 'running', 'done', 'undone', 'failed', name='importstate', native_enum=False, length=20), nullable=False),
    sa.Column('settings', types.Json(), nullable=False),
    sa.Column('counts', types.Json(), nullable=False),
    sa.Column('chunks_done', sa.Integer(), nullable=False),
    sa.Column('owner_id', types.Id, nullable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['app_user.id'], name=op.f('fk_import_run_owner_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_run')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_run_owner_id'), ['owner_id'], unique=False)

    op.create_table('invitation',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('token_hash', types.Text(64), nullable=False),
    sa.Column('user_id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('expires_at', types.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['app_user.id'], name=op.f('fk_invitation_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitation_token_hash'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_user_id'), ['user_id'], unique=False)

    op.create_table('job',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('key', types.Text(80), nullable=False),
    sa.Column('kind', types.Text(40), nullable=False),
    sa.Column('title', types.Text(200), nullable=False),
    sa.Column('arguments', types.Json(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'running', 'done', 'failed', 'cancelled', name='jobstate', native_enum=False, length=20), nullable=False),
    sa.Column('progress', sa.Float(), nullable=False),
    sa.Column('stage', types.Text(200), nullable=True),
    sa.Column('result', types.Json(), nullable=True),
    sa.Column('error', types.LongText(), nullable=True),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('runs', sa.Integer(), nullable=False),
    sa.Column('runner', types.Text(80), nullable=True),
    sa.Column('heartbeat_at', types.Instant(), nullable=True),
    sa.Column('stopping', sa.Boolean(), nullable=False),
    sa.Column('owner_id', types.Id, nullable=True),
    sa.Column('language', types.Text(10), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('started_at', types.Instant(), nullable=True),
    sa.Column('ended_at', types.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['app_user.id'], name=op.f('fk_job_owner_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('key', name=op.f('uq_job_key'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_kind'), ['kind'], unique=False)
        batch_op.create_index(batch_op.f('ix_job_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_job_state_created_at'), ['state', 'created_at'], unique=False)

    op.create_table('saved_view',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('entity', types.Text(40), nullable=False),
    sa.Column('name', types.Text(80), nullable=False),
    sa.Column('sharing', sa.Enum('private', 'team', 'all', name='sharing', native_enum=False, length=20), nullable=False),
    sa.Column('team_id', types.Id, nullable=True),
    sa.Column('owner_id', types.Id, nullable=True),
    sa.Column('content', types.Json(), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['app_user.id'], name=op.f('fk_saved_view_owner_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('saved_view', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_saved_view_entity'), ['entity'], unique=False)
        batch_op.create_index(batch_op.f('ix_saved_view_owner_id'), ['owner_id'], unique=False)

    op.create_table('user_session',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('token_hash', types.Text(64), nullable=False),
    sa.Column('user_id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('seen_at', types.Instant(), nullable=False),
    sa.Column('ended_at', types.Instant(), nullable=True),
    sa.Column('address', types.Text(64), nullable=True),
    sa.Column('browser', types.Text(255), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['app_user.id'], name=op.f('fk_user_session_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_user_session_token_hash'))
    )
    with op.batch_alter_table('user_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_user_session_user_id'), ['user_id'], unique=False)

    op.create_table('analysis',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kind', types.Text(40), nullable=False),
    sa.Column('title', types.Text(200), nullable=True),
    sa.Column('parameters', types.Json(), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('data_at', types.Instant(), nullable=True),
    sa.Column('summary', types.Json(), nullable=False),
    sa.Column('job_id', types.Id, nullable=True),
    sa.Column('owner_id', types.Id, nullable=True),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_analysis_job_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_id'], ['app_user.id'], name=op.f('fk_analysis_owner_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_analysis')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('analysis', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_analysis_job_id'), ['job_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_analysis_kind_created_at'), ['kind', 'created_at'], unique=False)

    op.create_table('customer',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('deleted_at', types.Instant(), nullable=True),
    sa.Column('name', types.Text(200), nullable=False),
    sa.Column('kind', sa.Enum('company', 'person', name='customerkind', native_enum=False, length=20), nullable=False),
    sa.Column('external_id', types.Text(80), nullable=True),
    sa.Column('email', types.Text(254), nullable=True),
    sa.Column('phone', types.Text(40), nullable=True),
    sa.Column('website', types.Text(200), nullable=True),
    sa.Column('street', types.Text(200), nullable=True),
    sa.Column('postal_code', types.Text(20), nullable=True),
    sa.Column('city', types.Text(100), nullable=True),
    sa.Column('region', types.Text(100), nullable=True),
    sa.Column('country', types.Text(2), nullable=True),
    sa.Column('sector', types.Text(80), nullable=True),
    sa.Column('source', types.Text(80), nullable=True),
    sa.Column('tax_number', types.Text(40), nullable=True),
    sa.Column('notes', types.LongText(), nullable=True),
    sa.Column('walk_in', sa.Boolean(), nullable=False),
    sa.Column('parent_id', types.Id, nullable=True),
    sa.Column('owner_id', types.Id, nullable=True),
    sa.Column('import_id', types.Id, nullable=True),
    sa.Column('search_key', types.Text(600), nullable=True),
    sa.Column('email_key', types.Text(254), nullable=True),
    sa.Column('external_key', types.Text(80), nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['import_run.id'], name=op.f('fk_customer_import_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_id'], ['app_user.id'], name=op.f('fk_customer_owner_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['parent_id'], ['customer.id'], name=op.f('fk_customer_parent_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_customer')),
    sa.UniqueConstraint('email_key', name=op.f('uq_customer_email_key')),
    sa.UniqueConstraint('external_key', name=op.f('uq_customer_external_key')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_customer_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_customer_deleted_at'), ['deleted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_customer_import_id'), ['import_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_customer_owner_id_search_key'), ['owner_id', 'search_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_customer_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_customer_search_key'), ['search_key'], unique=False)

    op.create_table('import_issue',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('import_id', types.Id, nullable=False),
    sa.Column('row_number', sa.Integer(), nullable=False),
    sa.Column('outcome', types.Text(20), nullable=False),
    sa.Column('column', types.Text(200), nullable=True),
    sa.Column('reason', types.Text(500), nullable=False),
    sa.Column('cells', types.Json(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['import_run.id'], name=op.f('fk_import_issue_import_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_issue'))
    )
    with op.batch_alter_table('import_issue', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_issue_import_id_row_number'), ['import_id', 'row_number'], unique=False)

    op.create_table('product',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('deleted_at', types.Instant(), nullable=True),
    sa.Column('sku', types.Text(60), nullable=False),
    sa.Column('name', types.Text(200), nullable=False),
    sa.Column('category', types.Text(100), nullable=True),
    sa.Column('price', types.Amount(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('import_id', types.Id, nullable=True),
    sa.Column('search_key', types.Text(600), nullable=True),
    sa.Column('sku_key', types.Text(60), nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['import_run.id'], name=op.f('fk_product_import_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_product')),
    sa.UniqueConstraint('sku_key', name=op.f('uq_product_sku_key')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('product', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_product_category'), ['category'], unique=False)
        batch_op.create_index(batch_op.f('ix_product_deleted_at'), ['deleted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_product_import_id'), ['import_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_product_search_key'), ['search_key'], unique=False)

    op.create_table('analysis_table',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('analysis_id', types.Id, nullable=False),
    sa.Column('name', types.Text(40), nullable=False),
    sa.Column('part', sa.Integer(), nullable=False),
    sa.Column('content', types.Bytes(), nullable=False),
    sa.ForeignKeyConstraint(['analysis_id'], ['analysis.id'], name=op.f('fk_analysis_table_analysis_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_analysis_table')),
    sa.UniqueConstraint('analysis_id', 'name', 'part', name=op.f('uq_analysis_table_analysis_id_name_part'))
    )
    op.create_table('contact',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('deleted_at', types.Instant(), nullable=True),
    sa.Column('customer_id', types.Id, nullable=True),
    sa.Column('first_name', types.Text(100), nullable=True),
    sa.Column('last_name', types.Text(100), nullable=False),
    sa.Column('role', types.Text(80), nullable=True),
    sa.Column('email', types.Text(254), nullable=True),
    sa.Column('phone', types.Text(40), nullable=True),
    sa.Column('external_id', types.Text(80), nullable=True),
    sa.Column('language', types.Text(10), nullable=True),
    sa.Column('notes', types.LongText(), nullable=True),
    sa.Column('owner_id', types.Id, nullable=True),
    sa.Column('import_id', types.Id, nullable=True),
    sa.Column('search_key', types.Text(600), nullable=True),
    sa.Column('email_key', types.Text(254), nullable=True),
    sa.Column('external_key', types.Text(80), nullable=True),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_contact_customer_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['import_id'], ['import_run.id'], name=op.f('fk_contact_import_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_id'], ['app_user.id'], name=op.f('fk_contact_owner_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact')),
    sa.UniqueConstraint('external_key', name=op.f('uq_contact_external_key')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_deleted_at'), ['deleted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_email_key'), ['email_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_import_id'), ['import_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_search_key'), ['search_key'], unique=False)

    op.create_table('sales_order',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('deleted_at', types.Instant(), nullable=True),
    sa.Column('number', types.Text(60), nullable=False),
    sa.Column('customer_id', types.Id, nullable=False),
    sa.Column('kind', sa.Enum('sale', 'return', 'cancellation', 'adjustment', name='orderkind', native_enum=False, length=20), nullable=False),
    sa.Column('status', sa.Enum('confirmed', 'cancelled', name='orderstatus', native_enum=False, length=20), nullable=False),
    sa.Column('ordered_at', types.Instant(), nullable=False),
    sa.Column('currency', types.Text(3), nullable=False),
    sa.Column('total', types.Amount(), nullable=False),
    sa.Column('import_id', types.Id, nullable=True),
    sa.Column('search_key', types.Text(600), nullable=True),
    sa.Column('number_key', types.Text(60), nullable=True),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_sales_order_customer_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['import_id'], ['import_run.id'], name=op.f('fk_sales_order_import_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_order')),
    sa.UniqueConstraint('number_key', name=op.f('uq_sales_order_number_key')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('sales_order', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sales_order_customer_id_ordered_at'), ['customer_id', 'ordered_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_sales_order_deleted_at'), ['deleted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_sales_order_import_id'), ['import_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sales_order_ordered_at'), ['ordered_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_sales_order_search_key'), ['search_key'], unique=False)

    op.create_table('segment',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('deleted_at', types.Instant(), nullable=True),
    sa.Column('name', types.Text(120), nullable=False),
    sa.Column('description', types.Text(500), nullable=True),
    sa.Column('kind', sa.Enum('static', 'live', 'analysis', name='segmentkind', native_enum=False, length=20), nullable=False),
    sa.Column('rule', types.Json(), nullable=True),
    sa.Column('analysis_id', types.Id, nullable=True),
    sa.Column('owner_id', types.Id, nullable=True),
    sa.ForeignKeyConstraint(['analysis_id'], ['analysis.id'], name=op.f('fk_segment_analysis_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_id'], ['app_user.id'], name=op.f('fk_segment_owner_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_segment')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('segment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_segment_deleted_at'), ['deleted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_segment_owner_id'), ['owner_id'], unique=False)

    op.create_table('activity',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('deleted_at', types.Instant(), nullable=True),
    sa.Column('kind', sa.Enum('note', 'task', 'call', 'meeting', 'mail', name='activitykind', native_enum=False, length=20), nullable=False),
    sa.Column('subject', types.Text(200), nullable=False),
    sa.Column('body', types.LongText(), nullable=True),
    sa.Column('customer_id', types.Id, nullable=True),
    sa.Column('contact_id', types.Id, nullable=True),
    sa.Column('owner_id', types.Id, nullable=True),
    sa.Column('at', types.Instant(), nullable=False),
    sa.Column('due_at', types.Instant(), nullable=True),
    sa.Column('done_at', types.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_activity_contact_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_activity_customer_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id'], ['app_user.id'], name=op.f('fk_activity_owner_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activity')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_activity_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_activity_customer_id_at'), ['customer_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_activity_deleted_at'), ['deleted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_activity_owner_id_due_at'), ['owner_id', 'due_at'], unique=False)

    op.create_table('order_line',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('order_id', types.Id, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('product_id', types.Id, nullable=False),
    sa.Column('description', types.Text(200), nullable=True),
    sa.Column('quantity', types.Amount(), nullable=False),
    sa.Column('unit_price', types.Amount(), nullable=False),
    sa.Column('amount', types.Amount(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['sales_order.id'], name=op.f('fk_order_line_order_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_order_line_product_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_line')),
    sa.UniqueConstraint('order_id', 'position', name=op.f('uq_order_line_order_id_position'))
    )
    with op.batch_alter_table('order_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_order_line_product_id'), ['product_id'], unique=False)

    op.create_table('segment_member',
    sa.Column('id', types.Id, nullable=False),
    sa.Column('segment_id', types.Id, nullable=False),
    sa.Column('customer_id', types.Id, nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_segment_member_customer_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['segment_id'], ['segment.id'], name=op.f('fk_segment_member_segment_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_segment_member')),
    sa.UniqueConstraint('segment_id', 'customer_id', name=op.f('uq_segment_member_segment_id_customer_id'))
    )
    with op.batch_alter_table('segment_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_segment_member_customer_id'), ['customer_id'], unique=False)



def downgrade() -> None:
    op.drop_table('segment_member')
    op.drop_table('order_line')
    op.drop_table('activity')
    op.drop_table('segment')
    op.drop_table('sales_order')
    op.drop_table('contact')
    op.drop_table('analysis_table')
    op.drop_table('product')
    op.drop_table('import_issue')
    op.drop_table('customer')
    op.drop_table('analysis')
    op.drop_table('user_session')
    op.drop_table('saved_view')
    op.drop_table('job')
    op.drop_table('invitation')
    op.drop_table('import_run')
    op.drop_table('favourite')
    op.drop_table('draft')
    op.drop_table('api_token')
    op.drop_table('tagging')
    op.drop_table('row_change')
    op.drop_table('custom_value')
    op.drop_table('app_user')
    op.drop_table('throttle')
    op.drop_table('team')
    op.drop_table('tag')
    op.drop_table('setting')
    op.drop_table('operation')
    op.drop_table('log_head')
    op.drop_table('log_cursor')
    op.drop_table('idempotency_key')
    op.drop_table('custom_field')
    op.drop_table('contact_point')
