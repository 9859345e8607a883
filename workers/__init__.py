"""Reelgate's workers: the stages that turn a finished recording into video, text and archived files."""

import os

# Nothing here multiplies matrices, and starting OpenBLAS's threads took up to 0.15 s of CPU time when numpy was loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
