"""Models against the migrated schema: what `alembic revision --autogenerate` would want, in words."""
