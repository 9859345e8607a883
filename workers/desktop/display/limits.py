"""Limits on what a recording may demand. A target writes the stream, so every number in it is hostile until checked."""

from typing import Final

# Chromium draws nothing on a canvas with a longer side either (16384 is its limit with GPU rasterisation).
MAX_SIDE: Final = 16384
# 8K (7680x4320) with some margin; H.264 level 6.2 ends at about the same size.
MAX_DISPLAY_PIXELS: Final = 36_000_000
# All layers and buffers except the screen, 4 bytes a pixel: 200 MB. guacd uses one or two screens' worth.
MAX_TOTAL_PIXELS: Final = 50_000_000
# guacd uses a few dozen: up to 64 layers, and buffers for cursors and caches, whose number is open.
MAX_LAYERS: Final = 4096
# Nesting depth of layers; guacd nests them one deep.
MAX_DEPTH: Final = 32
# guacd opens at most 64 streams a user (GUAC_USER_MAX_STREAMS).
MAX_STREAMS: Final = 64
# Encoded bytes of one image: a lossless 4K screen of noise is 25 MB.
MAX_IMAGE_BYTES: Final = 32 * 1024 * 1024
# Encoded bytes of all unfinished images together.
MAX_STREAM_BYTES: Final = 64 * 1024 * 1024
# Rectangles in one path; guacd fills each at once.
MAX_PATH_BOXES: Final = 1024
# Coordinates beyond this cannot meet a surface. The limit also keeps sums far from any overflow.
MAX_COORDINATE: Final = 1 << 24
# Skipped opcodes that are counted by name.
MAX_SKIPPED_NAMES: Final = 64
# RDP's large pointers are 384 pixels; a 4K desktop enlarges pointers to 256.
MAX_POINTER_SIDE: Final = 1024
