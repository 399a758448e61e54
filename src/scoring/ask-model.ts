import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkedNativeFolder } from "../kit/native.ts";
import type { ProcessLimits } from "./limited-command.ts";
import { type ChildFailure, runChild } from "./run-child.ts";
import type { ScoringJob } from "./scoring-job.ts";
import {
  type Asked,
  decodeReply,
  longestReply,
  ReplyInvalid,
  type ScoringRefusal,
  type ScoringReply,
} from "./scoring-reply.ts";

export interface ModelQuestion {
  job: Omit<ScoringJob, "nativeFolder">;
  /** Rows of each part of the job. */
  rows: Asked["parts"];
  limits: ProcessLimits;
}

export type ModelAnswer =
  | { kind: "answered"; reply: ScoringReply; isolated: boolean }
  | { kind: "refused"; refusal: ScoringRefusal }
  | { kind: "failed"; why: ChildFailure };

/** A model with more classes than this has no readable evaluation either. */
const mostClasses = 10_000;

/** Has another process load an untrusted model and answer; what it says is checked, and whatever it does, this returns. */
export async function askModel({ job, rows, limits }: ModelQuestion): Promise<ModelAnswer> {
  const asked: Asked = { task: job.task, positive: job.positive, parts: rows };
  const nativeFolder = await checkedNativeFolder();
  const result = await runChild({
    script: childFile(),
    reads: [
      ...ownFolders(),
      dirname(job.modelFolder),
      dirname(job.snapshot),
      ...(nativeFolder === null ? [] : [nativeFolder]),
    ],
    scratch: job.scratch,
    limits,
    input: JSON.stringify({ ...job, nativeFolder } satisfies ScoringJob),
    longestOutput: longestReply(asked, job.task === "multiclass-classification" ? mostClasses : 1),
  });
  if (result.kind === "failed") return result;
  try {
    const reply = decodeReply(result.output, asked);
    if ("message" in reply) return { kind: "refused", refusal: reply };
    return { kind: "answered", reply, isolated: result.isolated };
  } catch (error) {
    if (!(error instanceof ReplyInvalid)) throw error;
    return { kind: "failed", why: { reason: "output", text: `its answer is none: ${error.message}` } };
  }
}

/** Beside this file as source; a bundle of its own beside the other bundles (scripts/build.ts). */
function childFile(): string {
  return fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./child.ts" : "../scorer/index.js", import.meta.url));
}

/** The folder of the checkout, the downloaded action or the installed package, and where its modules really are. */
function ownFolders(): string[] {
  const root = dirname(dirname(dirname(childFile())));
  const around = dirname(root);
  const modules = join(root, "node_modules");
  return [
    root,
    ...(existsSync(modules) ? [realpathSync(modules)] : []),
    ...(basename(around) === "node_modules" ? [around] : []),
  ];
}
