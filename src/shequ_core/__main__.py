"""`python -m shequ_core`: the `shequ` command, wherever scripts aren't on the path."""

from __future__ import annotations

from shequ_core.cli import main

if __name__ == "__main__":
    main()
