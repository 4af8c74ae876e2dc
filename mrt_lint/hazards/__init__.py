"""Hazards: what is dropped, renamed or left behind, found once and given words by the rules.

Every function is a predicate over one operation and the round trip it stands in; None means that
there is no hazard, or that the round trip proves that it is undone.
"""
