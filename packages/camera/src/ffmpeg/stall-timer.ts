/**
 * Tells once when nothing was heard for so many seconds. Where the event loop was busy for that long the timer fires
 * before what came meanwhile is read, so silence counts only when a turn of the loop has read and found nothing.
 */
export class StallTimer {
  private readonly timer: NodeJS.Timeout;
  private confirmation: NodeJS.Immediate | undefined;
  /** Whether it has told. */
  stalled = false;

  constructor(
    readonly seconds: number,
    onStall: () => void,
  ) {
    this.timer = setTimeout(() => {
      // Immediates run after the loop's next look at files and pipes.
      this.confirmation = setImmediate(() => {
        this.stalled = true;
        onStall();
      });
    }, seconds * 1000);
  }

  /** Something was heard: counts from now on. */
  heard(): void {
    clearImmediate(this.confirmation);
    this.timer.refresh();
  }

  close(): void {
    clearImmediate(this.confirmation);
    clearTimeout(this.timer);
  }
}
