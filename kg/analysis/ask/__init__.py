"""Who has a designation for this here and around."""
