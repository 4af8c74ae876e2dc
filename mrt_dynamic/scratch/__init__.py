"""Scratch databases: made, recognised, restored and dropped by us, and never anybody else's."""
