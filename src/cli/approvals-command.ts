import type { Command } from "commander";
import { exitCodeOf } from "../kit/exit-code.ts";
import { plainText } from "../kit/plain-text.ts";
import { UserError } from "../kit/user-error.ts";
import type { approvalsFile } from "../wiring/approvals-file.ts";
import type { Program } from "./session.ts";

type Approvals = ReturnType<typeof approvalsFile>;

/** `mlops approvals`: who approved what on a pull request, and what does not count. */
export function addApprovals(root: Command, program: Program): void {
  root
    .command("approvals")
    .description("List who approved which report of a pull request, what does not count, and why.")
    .requiredOption("--pr <number>", "number of the pull request")
    .option("--repository <owner/name>", "default: the job's, or that of the remote origin")
    .option("--json", "print one JSON document on stdout")
    .action(async (options: { pr: string; repository?: string; json?: boolean }) => {
      const { approvalTrail } = await import("../wiring/read-approvals.ts");
      const { approvalsFile } = await import("../wiring/approvals-file.ts");
      const { verdictOf } = await import("../wiring/approval-verdict.ts");
      const { standing, repository } = await approvalTrail({
        pullNumber: numberOf(options.pr),
        repository: options.repository ?? null,
        folder: process.cwd(),
        environment: program.environment,
      });
      const file = approvalsFile(standing);
      const { out, columns } = program.terminal;
      out(options.json === true ? `${JSON.stringify(file, null, 2)}\n` : approvalsText(file, { repository, columns }));
      program.exit(exitCodeOf(verdictOf(standing.check.conclusion).verdict));
    });
}

function numberOf(text: string): number {
  const number = Number(text.replace(/^#/, ""));
  if (Number.isInteger(number) && number > 0) return number;
  throw new UserError({
    code: "input_invalid",
    message: `${text} is no number of a pull request`,
    where: "--pr",
    fix: "give its number, as in --pr 12",
  });
}

interface Shown {
  repository: string;
  columns: number;
}

function approvalsText(file: Approvals, { repository, columns }: Shown): string {
  const head = `${repository} #${file.pull_number} at ${file.head_sha.slice(0, 7)}: ${file.title}\n`;
  const models = file.models.map(({ model, state, decision, requirements }) => {
    const needs = requirements.map(({ role, count, approved_by: by }) => {
      return `${role} ${Math.min(by.length, count)} of ${count}${by.length > 0 ? ` (${by.join(", ")})` : ""}`;
    });
    return line(
      `  ${model}  ${decision?.slice(0, 12) ?? "no report"}  ${state.replace("_", " ")}: ${needs.join(", ")}`,
    );
  });
  const width = Math.max(0, ...file.trail.map(({ author }) => author.login.length));
  const trail = file.trail.map((entry) => trailText(entry, { width, columns }));
  return [head, ...models, ...(trail.length > 0 ? ["\n", ...trail] : [])].join("");
}

function trailText(
  { at, author, said, model, decision, roles, refusal, text }: Approvals["trail"][number],
  { width, columns }: { width: number; columns: number },
): string {
  const when = at.replace("T", " ").replace(/:\d\dZ$/, "");
  const about = [model, decision].filter((word) => word !== null).join(" ");
  const start = `${when}  ${author.login.padEnd(width)}  ${said.padEnd(8)}`;
  const why =
    refusal === null ? `counts${roles.length > 0 ? ` as ${roles.join(", ")}` : ""}` : `no: ${refusal.because}`;
  const said_ = text === null ? "" : ` “${text}”`;
  const whole = `${start} ${about}  ${why}${said_}`;
  if (whole.length <= columns) return line(whole);
  return `${line(`${start} ${about}`)}${line(`    ${why}${said_}`)}`;
}

/** Whatever people wrote is text here, on one line. */
function line(text: string): string {
  return `${plainText(text, 2000)}\n`;
}
