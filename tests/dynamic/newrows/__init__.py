"""Rows that only the new schema allows: cases, what really happens to them, what the verifier says."""
