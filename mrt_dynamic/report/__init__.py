"""A verification as text, JSON, JUnit XML or a page."""
