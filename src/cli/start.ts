import { ignoreClosedPipe } from "./closed-pipe.ts";
import type { Terminal } from "./output.ts";
import { buildProgram } from "./program.ts";
import { tellError } from "./tell-error.ts";

const terminal: Terminal = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
  interactive: process.stderr.isTTY === true && !process.env.CI,
  columns: process.stdout.columns ?? 80,
};

ignoreClosedPipe(process.stdout);
ignoreClosedPipe(process.stderr);
try {
  const program = await buildProgram({
    terminal,
    environment: process.env,
    exit: (code) => {
      process.exitCode = code;
    },
  });
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = tellError(error, { terminal, json: process.argv.includes("--json") });
}
