"""What Alembic's directives (`op.*`, `batch_op.*`) mean, as a table of small functions."""
