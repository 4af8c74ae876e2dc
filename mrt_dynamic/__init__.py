"""The dynamic verifier; nothing is here yet."""
