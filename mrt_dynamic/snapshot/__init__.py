"""What a database holds, schema and rows, and what is different between two moments."""
