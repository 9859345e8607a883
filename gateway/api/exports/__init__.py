"""Exports: request, list, download, share by link."""
