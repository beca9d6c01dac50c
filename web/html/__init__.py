"""The template environment and the HTML fragments shared by all templates."""
