"""Bounds on what a recording may ask for. A target writes the stream, so every number in it is hostile until checked."""

from typing import Final

# Chromium draws nothing on a canvas with a longer side either (its limit is 16384 where the GPU draws).
MAX_SIDE: Final = 16384
# 8K (7680x4320) with room to spare; H.264 level 6.2 ends at about the same size.
MAX_DISPLAY_PIXELS: Final = 36_000_000
# All layers and buffers but the screen, 4 bytes each: 200 MB. guacd keeps one or two screens' worth beside the display.
MAX_TOTAL_PIXELS: Final = 50_000_000
# guacd itself uses a few dozen; its own tables end at 64 layers and grow for buffers (cursors, caches).
MAX_LAYERS: Final = 4096
# Depth of layers in layers; guacd nests one deep.
MAX_DEPTH: Final = 32
# guacd opens at most 64 streams a user (GUAC_USER_MAX_STREAMS).
MAX_STREAMS: Final = 64
# Encoded bytes of one image: a lossless 4K screen of noise is 25 MB.
MAX_IMAGE_BYTES: Final = 32 * 1024 * 1024
# Encoded bytes of all images on the way.
MAX_STREAM_BYTES: Final = 64 * 1024 * 1024
# Rectangles in one path; guacd fills each at once.
MAX_PATH_BOXES: Final = 1024
# Coordinates beyond this cannot meet a surface; keeps sums far from any overflow.
MAX_COORDINATE: Final = 1 << 24
# Names of skipped opcodes that are counted one by one.
MAX_SKIPPED_NAMES: Final = 64
# RDP's large pointers are 384 pixels; a 4K desktop enlarges pointers to 256.
MAX_POINTER_SIDE: Final = 1024
