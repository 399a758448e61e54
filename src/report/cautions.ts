import type { FindingCode } from "../kit/codes.ts";
import type { Finding } from "../kit/outcome.ts";
import { isPolicyChange } from "../plan/policy-changes.ts";
import { type ReportInputs, reportedActions } from "./report-inputs.ts";
import { clause, listed, messageOf } from "./wording.ts";

/** What scoring by the default branch says of a pull request (docs/trusted-scoring.md): at the top of its report. */
export const trustCodes = [
  "policy_changed",
  "model_new",
  "model_renamed",
  "test_rows_changed",
  "claim_differs",
] as const satisfies readonly FindingCode[];

/** A finding that makes good numbers doubtful: gates that hold say little while it stands. */
export interface Caution {
  code: "label_leakage_suspected" | "train_test_overlap" | (typeof trustCodes)[number];
  /** Column, or what else it is about. */
  subject: string;
  /** For the headline's why. */
  reason: string;
}

const leak = "label_leakage_suspected" satisfies FindingCode;
const overlap = "train_test_overlap" satisfies FindingCode;

/** Suspected leaks and test rows that the model has learnt from, in the order of the steps. */
export function cautionsOf({ outcomes, spec }: Pick<ReportInputs, "outcomes" | "spec">): Caution[] {
  const findings = reportedActions.flatMap((action) => outcomes[action]?.findings ?? []);
  const rules = findings.filter((finding) => isPolicyChange(finding) && finding.severity !== "note");
  const others = findings.filter((finding) => !isPolicyChange(finding));
  return [...ruleChanges(rules), ...others.flatMap((finding) => cautionOf(finding, spec.data.label) ?? [])];
}

/** All that is changed in what models are judged by, as one reason: the headline has room for three. */
function ruleChanges(findings: readonly Finding[]): Caution[] {
  if (findings.length === 0) return [];
  const subjects = findings.map(({ subject }) => subject);
  const most = 6;
  const more = subjects.length > most ? [`${subjects.length - most} more`] : [];
  const reason = `the pull request changes ${listed([...subjects.slice(0, most), ...more])}, and was judged without that`;
  return [{ code: "policy_changed", subject: subjects[0] ?? "", reason }];
}

/** True for findings that the headline tells itself. */
export function isCaution(finding: Pick<Finding, "code">): boolean {
  const { code } = finding;
  return isPolicyChange(finding) || code === leak || code === overlap || trustCodes.some((each) => each === code);
}

function cautionOf(finding: Finding, label: string): Caution | null {
  const { code, subject, severity } = finding;
  if (severity === "note") return null;
  if (code === leak)
    return { code, subject, reason: `${subject} alone almost determines ${label}, which may be a leak` };
  const trust = trustCodes.find((each) => each === code);
  if (trust !== undefined) return { code: trust, subject, reason: clause(messageOf(finding)) };
  return code === overlap ? { code, subject, reason: messageOf(finding) } : null;
}

/** True for what scoring by the default branch found in the pull request itself. */
export function isAboutTrust({ code }: Pick<Caution, "code">): boolean {
  return trustCodes.some((each) => each === code);
}
