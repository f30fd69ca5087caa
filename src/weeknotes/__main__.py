"""Lets ``python -m weeknotes`` do what ``weeknotes`` does."""

from weeknotes.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
