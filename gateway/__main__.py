"""`python -m gateway`: the same as the `reelgate` program."""

from gateway.cli import main

main()
