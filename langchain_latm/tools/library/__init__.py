"""The functional cache (paper, section 3.3): records, names, accounts and waiting instances."""
