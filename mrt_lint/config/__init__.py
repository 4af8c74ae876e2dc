"""Configuration: the table of keys, the files they are read from, and what applies in the end."""
