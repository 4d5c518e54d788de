"""Run by Alembic, never imported: takes the caller's connection and its open transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
