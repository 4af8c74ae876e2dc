"""One run of env.py, from inside which every revision is stepped up and down."""
