"""The cases, one module for each family; each module lists its own as `CASES`."""
