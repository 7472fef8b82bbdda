"""Made tools: the record, its use, the library that stores it, the report about it."""
