"""Charts and maps of the pages."""
