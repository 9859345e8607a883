"""Turn the states of a session's screen, one after the other, into video frames and keyframes."""

from functools import partial

from gateway.core.recording.geometry import Box
from gateway.renditions.keyframes import KeyframeWriter
from workers.desktop.display import Display
from workers.desktop.render.background import Background
from workers.desktop.render.blinking import MAX_AROUND, Blinking
from workers.desktop.render.changes import Tiles, changed_boxes, changed_tiles, tight
from workers.desktop.render.frames import Frame
from workers.desktop.render.idle import IDLE_AFTER_MS, IdleStretches
from workers.desktop.render.pacing import LAST_FRAME_MS, Pacing
from workers.desktop.render.poster import is_blank
from workers.desktop.render.screen import Canvas
from workers.desktop.render.unrendered import UnrenderedStretches
from workers.desktop.render.video import VideoWriter


class SessionRenderer:
    """Apply frames to a display. A state is the screen between two frames that change it.

    A state is written when the next one begins: to the video with the pointer, to the keyframes without. After 5 s of
    nothing but a blinking text cursor, the blinking gets no video frames until something else happens: an idle hour
    would otherwise have 7200 frames that show nothing.
    """

    def __init__(
        self, width: int, height: int, video: VideoWriter | None, keyframes: KeyframeWriter, background: Background
    ) -> None:
        self.display = Display()
        self.idle = IdleStretches()
        self.unrendered = UnrenderedStretches()
        self.sync_count = 0
        self.instruction_count = 0
        self.poster_ms: int | None = None  # start of the first keyframe that is not blank
        self._video = video
        self._keyframes = keyframes
        self._background = background
        self._pacing = Pacing()
        self._blinking = Blinking()  # from keyframe to keyframe
        self._flicker = Blinking()  # from state to state
        self._active_ms = 0  # when anything but a blink last happened
        self._filmed = True  # False for states that differ only by a blink during an idle stretch
        self._shown = Canvas(width, height)
        self._kept = Canvas(width, height)
        self._pointer = self.display.pointer.look
        self._frame_ms = 0  # start of the current state, with the pointer
        self._screen_ms = 0  # start of the current state, without the pointer
        self._screen_byte = 0  # end of the instruction that completed it
        self._kept_byte = 0  # end of the instruction that completed the last keyframe
        self._changed = self._shown.tiles()  # where the state may differ from the last keyframe
        self._unfilmed = self._shown.tiles()  # where the state may differ from the last video frame

    def apply(self, frame: Frame) -> None:
        """Draw the next frame. Show it if it ends with a sync; move the pointer if it ends with input."""
        self.instruction_count += len(frame.instructions)
        if frame.input_count:
            self._note_activity(frame.start_ms)
        for instruction in frame.instructions:
            self.display.apply(instruction)
        if frame.sync_count:
            self._show(frame)
            self.sync_count += frame.sync_count
        elif frame.input_count:
            self._move_pointer(frame.offset_ms)

    def finish(self, last_ms: int) -> int:
        """Write the last state of a session that ends at `last_ms`; return when the picture ends, in milliseconds."""
        end_ms = max(last_ms, self._frame_ms + LAST_FRAME_MS)
        self._write_frame(end_ms, last=True)
        self._write_keyframe(end_ms, last=True)
        self.idle.active(end_ms)
        self.unrendered.finish(end_ms)
        return end_ms

    def _show(self, frame: Frame) -> None:
        now_ms = frame.offset_ms
        self.unrendered.show(self.display.refused, now_ms)
        touched = self.display.take_touched()
        screen = Box(0, 0, self.display.width, self.display.height)
        resized = screen != self._shown.whole
        new = self._shown.tiles()
        if resized:
            new.add(self._shown.frame)
        elif touched:
            changed_tiles(self._shown.screen, self.display.screen, touched, new)
        around = new.around.intersect(screen)  # tiles may extend beyond a screen that is smaller than the canvas
        if self.sync_count:
            self._end_states(now_ms, around, resized=resized, has_input=frame.input_count > 0)
        else:
            self._begin_film(now_ms)
        if around.area or resized:
            self._begin_screen(new, around, now_ms, frame.end_byte)

    def _begin_film(self, now_ms: int) -> None:
        """Begin the video: black until the first sync, at `now_ms`."""
        self._write_frame(now_ms)
        self._frame_ms = now_ms
        self._note_activity(now_ms)
        self._pointer = self.display.pointer.look

    def _move_pointer(self, now_ms: int) -> None:
        """Handle input between two syncs: the screen is unchanged, but the pointer may have moved."""
        pointer = self.display.pointer.look
        self._note_activity(now_ms)
        if self.sync_count and not pointer.looks_like(self._pointer):
            self._write_frame(now_ms)
            self._frame_ms, self._filmed, self._pointer = now_ms, True, pointer

    def _note_activity(self, at_ms: int) -> None:
        self._active_ms = at_ms
        self.idle.active(at_ms)

    def _end_states(self, now_ms: int, around: Box, *, resized: bool, has_input: bool) -> None:
        """End the current states: the next one differs inside `around`, or in its size."""
        pointer = self.display.pointer.look
        changed = bool(around.area) or resized
        blinks = changed and not resized and self._only_blinks(around, now_ms)
        moved = not pointer.looks_like(self._pointer)
        if has_input or moved or (changed and not blinks):
            self._note_activity(now_ms)
        if changed or moved:
            self._write_frame(now_ms)
            self._frame_ms = now_ms
            self._filmed = now_ms - self._active_ms < IDLE_AFTER_MS
        if changed:
            self._write_keyframe(now_ms)
        self._pointer = pointer

    def _only_blinks(self, around: Box, now_ms: int) -> bool:
        """Whether the next state differs from this one only by a blink."""
        if around.area > MAX_AROUND:
            return False
        before, after = self._shown.screen, self.display.screen
        box = tight(before, after, around)
        if self._flicker.is_blink(after, (box,), now_ms):
            return True
        self._flicker.took(before, after, (box,), now_ms)
        return False

    def _begin_screen(self, new: Tiles, around: Box, now_ms: int, end_byte: int) -> None:
        self._shown.show(self.display.screen, (around,))
        self._changed |= new
        self._unfilmed |= new
        self._screen_ms, self._screen_byte = now_ms, end_byte

    def _write_frame(self, end_ms: int, *, last: bool = False) -> None:
        video = self._video
        if video is None or not self._filmed or not (last or self._pacing.wants_frame(self._frame_ms, end_ms)):
            return
        pointer = self._pointer
        self._unfilmed.add(pointer.box)
        patches = self._shown.patches(self._unfilmed.boxes(), pointer)
        self._unfilmed.clear()
        self._unfilmed.add(pointer.box)  # to be painted over
        self._background.submit(partial(video.add, patches, self._frame_ms))

    def _write_keyframe(self, end_ms: int, *, last: bool = False) -> None:
        if not self._shown.whole.area or not (last or self._pacing.wants_keyframe(self._screen_ms, end_ms)):
            return
        shown, kept = self._shown, self._kept
        resized = shown.size != kept.size
        boxes = (shown.whole,) if resized else changed_boxes(kept.screen, shown.screen, self._changed.boxes())
        if not boxes or (not resized and self._blinking.is_blink(shown.screen, boxes, self._screen_ms)):
            return
        if not resized:
            self._blinking.took(kept.screen, shown.screen, boxes, self._screen_ms)
        self._submit_keyframe(boxes)
        kept.show(shown.screen, boxes)
        self._changed.clear()

    def _submit_keyframe(self, boxes: tuple[Box, ...]) -> None:
        write = self._keyframes.prepare(
            self._shown.screen,
            offset_ms=self._screen_ms,
            damage=boxes,
            start_byte=self._kept_byte,
            end_byte=self._screen_byte,
        )
        self._background.submit(write)
        self._kept_byte = self._screen_byte
        if self.poster_ms is None and not is_blank(self._shown.screen):
            self.poster_ms = self._screen_ms
        self._pacing.took_keyframe(self._screen_ms)
