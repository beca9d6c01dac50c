"""Pages: a module has a family of addresses and its blueprint."""
