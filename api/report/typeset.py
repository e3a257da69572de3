"""Typst in a process of its own: a report as data on standard input, the PDF on standard output.

Typst keeps what it has set for the next time, 300 MB for 5,000 rows, and never gives it back (0.15, 2026-11);
so nothing that lives longer than one report may set one.
"""

from __future__ import annotations

import sys
from importlib.resources import files

import typst


def main() -> int:
    """Sets the report; what is wrong is said on standard error, with status 1."""
    seconds, template = sys.stdin.buffer.readline().decode().split()
    data = sys.stdin.buffer.read().decode()
    try:
        pdf = typst.compile(
            files("api.report").joinpath("templates", f"{template}.typ").read_bytes(),
            sys_inputs={"report": data},
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=int(seconds),
        )
    except typst.TypstError as error:
        sys.stderr.write(error.message)
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
