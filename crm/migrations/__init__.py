"""Migrations: `upgrade` brings the configured database up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config

ROOT = Path(__file__).parents[2]


def config(url: str | None = None) -> Config:
    """Alembic's configuration, for `url` or for the configured database."""
    made = Config(toml_file=ROOT / "pyproject.toml")
    made.set_main_option("script_location", str(Path(__file__).parent))
    if url:
        made.attributes["url"] = url
    return made


def upgrade(url: str | None = None) -> None:
    """Run the migrations that are missing; safe to call from several processes."""
    command.upgrade(config(url), "head")
