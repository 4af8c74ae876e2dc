"""Tests of sources: text, hostile input, comments, trees."""
