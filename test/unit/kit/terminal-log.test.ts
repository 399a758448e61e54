import { expect, it } from "vitest";
import { terminalLog } from "../../../src/kit/terminal-log.ts";

function aLog(options: { interactive: boolean; quiet?: boolean }) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const log = terminalLog({
    interactive: options.interactive,
    quiet: options.quiet ?? false,
    columns: 20,
    write: (text) => written.push(text),
    now: () => clock.ms,
  });
  return { log, clock, written };
}

it("draws progress over itself on a terminal, and clears it before a line that stays", () => {
  const { log, written } = aLog({ interactive: true });
  log.progress("reading", 0.5);
  log.progress("a message that is wider than the terminal");
  log.info("done");
  expect(written).toEqual(["\r\u001b[2Kreading 50 %", "\r\u001b[2Ka message that is w", "\r\u001b[2K", "done\n"]);
});

it("keeps progress out of a log that is not a terminal", () => {
  const { log, written } = aLog({ interactive: false });
  log.progress("reading", 0.5);
  log.warn("look here");
  expect(written).toEqual(["warning: look here\n"]);
});

it("says nothing when asked to be quiet", () => {
  const { log, written } = aLog({ interactive: true, quiet: true });
  log.progress("reading");
  log.info("done");
  expect(written).toEqual([]);
});

it("counts on at most ten times a second, and shows what begins at once", () => {
  const { log, clock, written } = aLog({ interactive: true });
  log.progress("evaluate");
  log.progress("reading", 0.5);
  log.progress("reading", 0.6);
  clock.ms = 100;
  log.progress("reading", 0.7);
  expect(written).toEqual(["evaluate", "reading 50 %", "reading 70 %"].map((text) => `\r\u001b[2K${text}`));
});
