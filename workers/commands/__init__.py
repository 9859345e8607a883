"""The workers' commands of the `reelgate` program, one file each; `workers.cli` joins them to it."""
