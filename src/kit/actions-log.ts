import * as core from "@actions/core";
import type { Log } from "./log.ts";
import { logLine } from "./log-line.ts";

/** Quiet, line by line, for a job's log: no progress bars, warnings as the runner's own. */
export const actionsLog: Log = {
  info: (message) => core.info(logLine(message)),
  warn: (message) => core.warning(logLine(message)),
  progress: (message) => core.debug(logLine(message)),
};
