"""Verification: whether a recording is what was recorded.

`verify` is the entry point; the other files are its checks.
"""
