"""Lists, registers and tables of findings: filtered, counted, paged and exported."""
