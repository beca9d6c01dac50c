"""One blueprint a module, one family of addresses a blueprint."""
