"""Soundness: random histories with right and with damaged downgrades, run on a real database."""
