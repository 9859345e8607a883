"""Whether a recording is what was recorded: `verify` looks, the other files are what it looks at."""
