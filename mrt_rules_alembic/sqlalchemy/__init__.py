"""What SQLAlchemy's names mean: types, tables, expressions, connections, sessions, inspectors."""
