import { relative } from "node:path";
import { plainText } from "../kit/plain-text.ts";
import type { Progress, Rehearsal, RehearsalOutcome } from "../rehearsal/rehearse/rehearse.ts";
import { wrap } from "../report/terminal-width.ts";
import { markdownLines } from "./markdown-text.ts";
import type { Terminal } from "./output.ts";

const marks = { success: "✓", failure: "✗", cancelled: "■", skipped: "–", action_required: "?" } as const;
const timeWidth = 10;
/** Beyond this, times and texts would lie too far apart to be read together. */
const widest = 110;

/** One line, or a few, for what has just happened in a rehearsal; none for what need not be told. */
export function progressText(progress: Progress, { columns }: Terminal): string {
  switch (progress.kind) {
    case "staged":
      return stagedText(progress);
    case "opens":
      return `author opens a pull request (${plainText(progress.from)} → ${plainText(progress.into)}): ${plainText(progress.title)}\n`;
    case "run-waits":
      return `\n… ${plainText(progress.run.name)} waits: the first pull request of ${plainText(progress.run.actor)}, from a fork\n`;
    case "let-start":
      return `${progress.by} lets it start\n`;
    case "run-started":
      return `\n${plainText(progress.run.name)} (on ${progress.run.event}${attemptText(progress.run.run_attempt)})\n`;
    case "job-started":
      return `${clipped(`  ${plainText(progress.name)} · ${plainText(progress.runsOn.join(", "))}`, columns)}\n`;
    case "step-done": {
      const { name, conclusion, seconds, log } = progress.step;
      const line = timed(`    ${markOf(conclusion)} ${plainText(name)}`, seconds, columns);
      return conclusion === "failure" && log !== null ? `${line}      log: ${shown(log)}\n` : line;
    }
    case "job-done":
      return jobText(progress, columns);
    case "run-done":
      return timed(`${markOf(progress.run.conclusion)} ${plainText(progress.run.name)}`, progress.seconds, columns);
    case "file-refused":
      return `✗ ${plainText(progress.message, 2000)}\n`;
    case "said":
      return `\n${rule(`${plainText(progress.by)} writes`, columns)}${quoted(progress.body, columns)}`;
    case "comment":
      return commentText(progress.comment, columns);
    case "checks":
      return checksText(progress.checks, columns);
  }
}

function stagedText({ repository, clone, state, ours, others, hasUncommitted }: Progress & { kind: "staged" }): string {
  const names = (paths: readonly string[]) => paths.map((path) => plainText(path.replace(/^.*\//, ""))).join(", ");
  return [
    `${repository}: ${clone.base.branch} at ${clone.base.sha.slice(0, 7)}, in ${shown(state)}`,
    `workflows: ${names(ours)}`,
    ...(others.length === 0 ? [] : [`left out: ${names(others)} (--all runs them too)`]),
    ...(hasUncommitted ? ["note: uncommitted changes do not count"] : []),
    "",
  ].join("\n");
}

function jobText({ job, problems }: Progress & { kind: "job-done" }, columns: number): string {
  const name = plainText(job.name);
  const line =
    job.conclusion === "skipped" || job.runs_on.length === 0
      ? `  ${markOf(job.conclusion)} ${name}: ${job.conclusion}\n`
      : timed(
          `  ${markOf(job.conclusion)} ${name}`,
          job.steps.reduce((sum, { seconds }) => sum + seconds, 0),
          columns,
        );
  return [line, ...problems.map((problem) => `      error: ${plainText(problem, 2000)}\n`)].join("");
}

function commentText(
  { user, body, isUpdate }: { user: string; body: string; isUpdate: boolean },
  columns: number,
): string {
  return `\n${rule(`${plainText(user)} ${isUpdate ? "updates a comment" : "comments"}`, columns)}${quoted(body, columns)}`;
}

function checksText(
  checks: readonly { name: string; status: string; conclusion: string | null; title: string | null }[],
  columns: number,
): string {
  const width = Math.max(0, ...checks.map(({ name }) => [...name].length));
  const lines = checks.map(({ name, status, conclusion, title }) => {
    const said = conclusion ?? status;
    const what = title === null ? said : `${said}: ${title}`;
    return `${clipped(`  ${markOf(conclusion)} ${plainText(name).padEnd(width)}  ${plainText(what)}`, columns)}\n`;
  });
  return `\n${rule("checks", columns)}${lines.join("")}`;
}

function quoted(markdown: string, columns: number): string {
  return markdownLines(markdown, Math.min(columns, widest) - 2)
    .map((line) => `${`│ ${line}`.trimEnd()}\n`)
    .join("");
}

/** What it all comes to. */
export function decisionText({ verdict, why }: RehearsalOutcome, { columns }: Terminal): string {
  return `\n${wrap(`verdict: ${verdict} (${plainText(why)})`, columns).join("\n")}\n`;
}

/** The addresses for people who go on by hand. */
export function servingText({ git, api, tokens }: ReturnType<Rehearsal["addresses"]>, number: number): string {
  const [, token = ""] = Object.entries(tokens).find(([login]) => login === "reviewer") ?? [];
  const withToken = (login: string) => git.replace("://", `://${login}:${tokens[login]}@`);
  return [
    "",
    "The embedded GitHub goes on listening until Ctrl-C. Tokens, for this rehearsal only:",
    ...Object.entries(tokens).map(([login, secret]) => `  ${login.padEnd(9)} ${secret}`),
    "Push as the author:",
    `  git push ${withToken("author")} HEAD:<branch>`,
    "Comment as the reviewer:",
    `  curl -H "authorization: token ${token}" ${api}/issues/${number}/comments -d '{"body": "/status"}'`,
    "",
  ].join("\n");
}

function rule(title: string, columns: number): string {
  return `${clipped(`── ${title} ${"─".repeat(Math.max(3, Math.min(columns, widest) - title.length - 4))}`, columns)}\n`;
}

function timed(text: string, seconds: number, columns: number): string {
  const width = Math.min(columns, widest) - timeWidth;
  return `${clipped(text, width).padEnd(width)}${`${seconds.toFixed(2)} s`.padStart(timeWidth)}\n`;
}

function clipped(text: string, width: number): string {
  const points = [...text];
  return points.length <= width ? text : `${points.slice(0, width - 1).join("")}…`;
}

function attemptText(attempt: number): string {
  return attempt === 1 ? "" : `, attempt ${attempt}`;
}

function markOf(conclusion: string | null): string {
  return Object.entries(marks).find(([name]) => name === conclusion)?.[1] ?? "…";
}

function shown(path: string): string {
  return plainText(relative(process.cwd(), path), 2000);
}
