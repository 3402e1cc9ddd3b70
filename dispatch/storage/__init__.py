"""The store: tables on SQLite or PostgreSQL, and the mapping between their rows and the domain's records."""
