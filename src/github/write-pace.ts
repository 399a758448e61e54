import type { Clock } from "./clock.ts";

/** GitHub lets a token create things 80 times a minute; that leaves room for the other jobs of the repository. */
const mostWrites = 60;
const windowMs = 60_000;

/** Makes writes wait that would be too many within a minute. */
export class WritePace {
  private readonly clock: Clock;
  private times: number[] = [];

  constructor(clock: Clock) {
    this.clock = clock;
  }

  async next(): Promise<void> {
    const now = this.clock.now();
    this.times = this.times.filter((time) => time > now - windowMs);
    const oldest = this.times[0];
    if (this.times.length >= mostWrites && oldest !== undefined) await this.clock.sleep(oldest + windowMs - now);
    this.times.push(this.clock.now());
  }
}
