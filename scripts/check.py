#!/usr/bin/env python3
"""Says what is wrong with the journal: before a commit (pre-commit), and before it is published."""

import subprocess
import sys

import _journal

command = [*_journal.command(), "check", *sys.argv[1:]]
raise SystemExit(subprocess.run(command, cwd=_journal.ROOT, check=False).returncode)
