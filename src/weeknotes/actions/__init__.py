"""Use cases: what a command does, without the command line.

Each module carries out one thing that a person asks for: begin a week, refresh the generated cells, add
a paper, write the letter for a meeting. It is given a `Project`, returns a report, prints nothing.
`templates`, `kernels` and `jobs` run notebooks through papermill for the others.
"""
