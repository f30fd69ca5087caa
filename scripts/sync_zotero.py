"""Bring references.json up to date with Zotero, from cron or CI: `python scripts/sync_zotero.py`.

Takes the arguments of `weeknotes sync`. The key comes from ZOTERO_API_KEY, never from a file here.
"""

import subprocess
import sys

import _journal

if __name__ == "__main__":
    raise SystemExit(
        subprocess.run(
            [*_journal.command(), "sync", *sys.argv[1:]], cwd=_journal.ROOT, check=False
        ).returncode
    )
