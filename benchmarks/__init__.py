"""Measurements: speed against another tool, and what is understood of real histories."""
