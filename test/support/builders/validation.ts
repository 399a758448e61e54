import { type Validation, validateSnapshot } from "../../../src/data/validate-snapshot.ts";
import { silentLog } from "../../../src/kit/log.ts";
import type { Finding } from "../../../src/kit/outcome.ts";
import { Data, type Task } from "../../../src/spec/model-spec.ts";
import { aSnapshot } from "./snapshot.ts";

export interface ValidationOf {
  /** SELECT of the source's rows. */
  rows: string;
  /** Entries of data in model.yml; default: label `y`. */
  data?: Record<string, unknown>;
  task?: Task;
}

/** Validates a snapshot of the rows, with places shown as their path in model.yml. */
export async function validate({ rows, data = {}, task = "binary-classification" }: ValidationOf): Promise<Validation> {
  return validateSnapshot({
    snapshot: await aSnapshot(rows),
    data: Data.parse({ source: "data.csv", label: "y", ...data }),
    task,
    locate: (path) => `model.yml ${path.join(".")}`,
    log: silentLog,
  });
}

/** The findings of a code, about a subject when one is given. */
export function findingsOf({ findings }: Validation, code: string, subject?: string): Finding[] {
  return findings.filter((finding) => finding.code === code && (subject === undefined || finding.subject === subject));
}
