"""The schema as plain immutable values: what a database holds at one point of the history."""
