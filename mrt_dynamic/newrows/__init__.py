"""Rows that only the new schema allows, and whether the downgrade gets over them."""
