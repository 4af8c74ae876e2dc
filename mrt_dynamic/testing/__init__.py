"""The pytest side: the plugin, the fixture `mrt`, and the built-in tests."""
