"""What if: findings under changes that nobody has made, and two days compared."""
