"""A list of plates as it was published → records, plates and carriers, shown before anything is written."""
