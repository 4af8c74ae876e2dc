"""A verification as text or JSON."""
