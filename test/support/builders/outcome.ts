import type { Finding, Outcome } from "../../../src/kit/outcome.ts";

const digest = (letter: string) => letter.repeat(64);

/** A passing outcome of a step on 2026-11-21; the test names what matters. */
export function anOutcome(fields: Partial<Outcome> & { action: string }): Outcome {
  return {
    schema_version: 1,
    model: "income",
    verdict: "pass",
    reason_code: "data_collected",
    summary: `${fields.action} went well`,
    trust: "claimed",
    findings: [],
    inputs: [{ path: "model.yml", sha256: digest("1") }],
    outputs: [],
    step_key: digest("2"),
    git: { head_sha: "4f1d2c3b5a69788796a5b4c3d2e1f00112233445", base_sha: null, tested_sha: null },
    run: { id: null, attempt: null, workflow: null, event: null },
    tool: { name: "mlops-actions", version: "0.1.0" },
    started_at: "2026-11-21T08:00:00.000Z",
    duration_ms: 310,
    ...fields,
  };
}

export function aFinding(fields: Partial<Finding> = {}): Finding {
  return {
    code: "values_out_of_range",
    severity: "warning",
    subject: "age",
    message: "3 values are over 100, the first in rows 12, 90 and 4,711",
    measured: { count: 3, rows: [12, 90, 4711] },
    expected: { max: 100 },
    ...fields,
  };
}
