"""Who has a plate for this here and around."""
