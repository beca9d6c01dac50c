"""Pages of the release itself: downloads, history, sitemap."""
