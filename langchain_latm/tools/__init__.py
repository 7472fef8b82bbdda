"""Made tools: the record, its use, the library that keeps it, the report on it."""
