"""Partial evaluation: runs a migration's Python as far as its values are known."""
