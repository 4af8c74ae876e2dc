"""Renderers: pure functions from a Report to text. Only the command line prints what they return."""
