import type { Log } from "./log.ts";

export interface TerminalLogOptions {
  /** True when the stream is a terminal that a person looks at: progress is drawn over itself. */
  interactive: boolean;
  quiet: boolean;
  columns: number;
  write: (text: string) => void;
  /** Milliseconds, to draw a message that only counts on at most ten times a second. */
  now: () => number;
}

const eraseLine = "\r\u001b[2K";

/** Progress and messages for a person on stderr; outside a terminal progress is silent, so that CI logs stay short. */
export function terminalLog(options: TerminalLogOptions): Log & { clear(): void } {
  let drawn = false;
  let last = { message: "", at: Number.NEGATIVE_INFINITY };
  const clear = () => {
    if (drawn) options.write(eraseLine);
    drawn = false;
  };
  const line = (text: string) => {
    if (options.quiet) return;
    clear();
    options.write(`${text}\n`);
  };
  return {
    info: line,
    warn: (message) => line(`warning: ${message}`),
    progress(message, share) {
      if (!options.interactive || options.quiet) return;
      // A new message is drawn at once: what comes next may take half a minute.
      if (message === last.message && options.now() - last.at < 100) return;
      last = { message, at: options.now() };
      const percent = share === undefined ? "" : ` ${Math.round(share * 100)} %`;
      options.write(`${eraseLine}${`${message}${percent}`.slice(0, options.columns - 1)}`);
      drawn = true;
    },
    clear,
  };
}
