"""What every response has in common."""
