/**
 * Asks the target to follow the window's size, and tells whether it does. Knows no DOM.
 *
 * A request may be lost: the Guacamole client drops what it is given before the first frame, and guacd forgets a size that it
 * got before RDP's channel for it was open, some seconds later. So a size is kept until the first frame, and requested again.
 * guacd ignores a request for the size that the target has.
 */
const FOLLOWS_WITHIN_MS = 3_000; // a target that follows the window's size has done so by then
const MAX_REQUESTS = 4;
const SLACK = 8; // pixels: targets round sizes, and so much of a border disturbs nobody

export interface Size {
  width: number;
  height: number;
}

export class SizeRequest {
  private requested: Size = { width: 0, height: 0 };
  private followed = this.requested;
  private isConnected = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `onKept` tells whether the target has kept its size although another was requested. */
  constructor(
    private readonly send: (size: Size) => void,
    private readonly onKept: (kept: boolean) => void,
  ) {}

  /** The connection is opened with this size. */
  opened(size: Size): void {
    this.requested = this.followed = size;
  }

  /** The first frame is shown; the window has this size by now. */
  connected(size: Size): void {
    this.isConnected = true;
    this.changed(size);
  }

  /** The window has a new size. */
  changed(size: Size): void {
    if (!this.isConnected || (size.width === this.requested.width && size.height === this.requested.height))
      return;
    this.requested = size;
    this.request(1);
  }

  /** The target has changed its size. */
  targetChanged(): void {
    this.followed = this.requested;
    this.onKept(false);
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private request(count: number): void {
    this.send(this.requested);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const kept = this.isKept();
      this.onKept(kept);
      // The second time in any case: a change of the target's may have been its first size, and not an answer.
      if (count < MAX_REQUESTS && (kept || count === 1)) this.request(count + 1);
    }, FOLLOWS_WITHIN_MS);
  }

  private isKept(): boolean {
    const { width, height } = this.followed;
    return Math.abs(width - this.requested.width) > SLACK || Math.abs(height - this.requested.height) > SLACK;
  }
}
