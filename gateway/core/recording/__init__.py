"""What a recording is: its states, its files and their names, its manifest."""
