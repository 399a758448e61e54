/** Where a step tells how far it is: a live line on a terminal, grouped and quiet in CI, nothing in tests. */
export interface Log {
  /** A line that stays. */
  info(message: string): void;
  warn(message: string): void;
  /** Progress of long work, replaced by the next one; `share` in [0, 1] when known. */
  progress(message: string, share?: number): void;
}

export const silentLog: Log = { info: nothing, warn: nothing, progress: nothing };

function nothing(): void {
  // A test or --quiet run wants no output.
}
