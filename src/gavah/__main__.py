"""`python -m gavah` is the command `gavah`."""

from gavah.app.cli import main

main()
