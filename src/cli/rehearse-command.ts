import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { exitCodeOf } from "../kit/exit-code.ts";
import { UserError } from "../kit/user-error.ts";
import type { Rehearsal } from "../rehearsal/rehearse/rehearse.ts";
import { decisionText, progressText, servingText } from "./rehearse-output.ts";
import type { Program } from "./session.ts";
import { defaultSpeaker, type Saying, speakers } from "./speakers.ts";

interface Options {
  base?: string;
  withTemplates?: true;
  fork?: true;
  all?: true;
  serve?: true;
  port: string;
  json?: true;
  quiet?: true;
}

/** `mlops rehearse`: the repository's own workflows against an embedded GitHub, on this machine and without a token. */
export function addRehearse(root: Command, program: Program): void {
  const script = speakers();
  root
    .command("rehearse")
    .description(
      "Runs the workflows of .github/workflows on this machine against an embedded GitHub: the current branch as a pull request, with its report, checks and comments.",
    )
    .option("--base <branch>", "branch that the pull request is for; default: the repository's default branch")
    .option(
      "--with-templates",
      "puts this project's workflow templates on the rehearsed default branch; your files stay as they are",
    )
    .option("--fork", "opens the pull request from a fork, by somebody who may not write")
    .option(
      "--comment <text>",
      "says this on the pull request when all has run, such as /approve; may stand several times",
      script.comment,
    )
    .option(
      "--as <login>",
      `who says it: ${defaultSpeaker} (default), author, stranger or another name; several times: from there on`,
      script.as,
    )
    .option("--all", "also runs workflows that have nothing to do with this project")
    .option("--serve", "goes on listening afterwards and prints addresses and tokens, until Ctrl-C")
    .option("--port <number>", "port of the embedded GitHub on 127.0.0.1; default: any free one", "0")
    .option("--json", "print one JSON document on stdout")
    .option("--quiet", "no progress")
    .action((options: Options) => run(program, options, script.sayings()));
}

async function run(program: Program, options: Options, sayings: readonly Saying[]): Promise<void> {
  const { terminal } = program;
  const actions = packageFolder();
  const interrupted = interruption();
  const isTold = options.json !== true && options.quiet !== true;
  const { rehearse } = await import("../rehearsal/rehearse/rehearse.ts");
  const rehearsal = await rehearse({
    folder: process.cwd(),
    actions,
    templates: options.withTemplates === true ? join(actions, "workflows-templates") : null,
    base: options.base,
    fork: options.fork === true,
    everything: options.all === true,
    port: portOf(options.port),
    environment: program.environment,
    signal: interrupted,
    tell: (progress) => {
      if (isTold) terminal.out(progressText(progress, terminal));
    },
  });
  try {
    for (const { as, body } of sayings) if (!interrupted.aborted) await rehearsal.say(as, body);
    if (interrupted.aborted) return program.exit(interruptedExit);
    const outcome = rehearsal.outcome();
    if (options.json === true) terminal.out(`${JSON.stringify({ schema_version: 1, ...outcome }, null, 2)}\n`);
    else terminal.out(decisionText(outcome, terminal));
    if (options.serve === true) await serve(program, rehearsal, interrupted);
    program.exit(exitCodeOf(rehearsal.outcome().verdict));
  } finally {
    await rehearsal.stop();
  }
}

/** As shells have it for a program that Ctrl-C ended. */
const interruptedExit = 130;

/** Ctrl-C ends the rehearsal with its jobs, which run in process groups of their own. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

const pauseMs = 500;

/** Tells what follows from what people do by hand, until they end it. */
async function serve({ terminal }: Program, rehearsal: Rehearsal, interrupted: AbortSignal): Promise<void> {
  terminal.err(servingText(rehearsal.addresses(), rehearsal.outcome().pull_request.number));
  while (!interrupted.aborted) {
    await rehearsal.settle();
    await Promise.race([setTimeout(pauseMs), once(interrupted, "abort")]);
  }
}

/** The package's folder: two up from src/cli in a clone, and from dist/cli where it is built or installed. */
function packageFolder(): string {
  const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
  if (existsSync(join(folder, "dist", "umbrella", "index.js"))) return folder;
  throw new UserError({
    code: "file_missing",
    message: "the actions of this package are not built",
    where: join(folder, "dist", "umbrella"),
    fix: "npm run build (in a clone of mlops-actions)",
  });
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new UserError({
    code: "input_invalid",
    message: `--port is ${text}`,
    where: null,
    fix: "give a number from 0 (any free port) to 65535",
  });
}
