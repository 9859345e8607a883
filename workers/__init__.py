"""Reelgate's workers: the stages that turn a finished recording into video, text and archived files."""
