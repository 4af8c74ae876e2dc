"""The processes of `mrt-lint verify`: one that watches and reports, others in which migrations run.

The watching one imports neither SQLAlchemy nor Alembic, and nothing of the user's: whatever a migration
does to its process, this one lives to tell.
"""
