"""What the service costs beside bare SQL: `python -m tests.bench [name…]`; to start: `python -m tests.bench start`."""
