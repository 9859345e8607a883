"""What can be set for each protocol: the forms of target administration."""
