"""A list of designations as it was published → records, designations and carriers, shown before anything is written."""
