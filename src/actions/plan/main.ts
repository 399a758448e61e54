import { resolve } from "node:path";
import { actionsLog } from "../../kit/actions-log.ts";
import { runRepositoryAction } from "../../kit/run-action.ts";
import { renderPlanSummary } from "../../report/plan-summary.ts";
import { planStep } from "../../wiring/plan.ts";
import * as io from "./io.ts";

await runRepositoryAction(io, async ({ token, ...inputs }) => {
  const workspace = resolve(process.env.GITHUB_WORKSPACE ?? ".");
  const { outcome, file, matrix, planPath, outcomePath } = await planStep(
    { workspace, environment: process.env, token, log: actionsLog },
    inputs,
  );
  return {
    verdict: outcome.verdict,
    summary: `plan: ${outcome.summary}`,
    findings: outcome.findings,
    outputs: {
      verdict: outcome.verdict,
      reasonCode: outcome.reason_code,
      outcome: outcomePath,
      any: matrix.include.length > 0,
      matrix: JSON.stringify(matrix),
      models: JSON.stringify(matrix.include.map(({ model }) => model)),
      plan: planPath,
    },
    jobSummary: renderPlanSummary(file),
  };
});
