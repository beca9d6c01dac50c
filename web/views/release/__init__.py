"""Downloads, releases and sitemap."""
