"""The commands that the dynamic half adds to `mrt-lint`."""
