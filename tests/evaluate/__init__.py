"""Tests of the partial evaluator, on a tiny framework of its own."""
