"""Tables: CSV, TSV, JSON lines, Excel workbooks and Parquet, read and written row by row."""
