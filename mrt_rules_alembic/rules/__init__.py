"""The rules particular to Alembic, one file a rule."""
