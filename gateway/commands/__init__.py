"""The commands of the `reelgate` program, one file each; the workers' are in `workers.commands`."""
