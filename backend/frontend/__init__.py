"""Front-end packages: brought from npm, pinned by package-lock.json, copied to where our own host serves them."""
