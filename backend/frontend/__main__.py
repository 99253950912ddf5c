"""`python -m backend.frontend` brings the packages and fills `build/static/`; at once when nothing changed."""

import sys

from backend.frontend.build import build

if __name__ == "__main__":
    sys.stdout.write(f"front-end packages: {'built' if build() else 'nothing to do'}\n")
