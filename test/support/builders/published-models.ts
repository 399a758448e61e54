import type { Reported } from "../../../src/actions/report/publish.ts";
import { startRun } from "../../../src/rehearsal/administration/runs.ts";
import { resolveCommit } from "../../../src/rehearsal/git/resolve.ts";
import type { EmbeddedGitHub } from "../../../src/rehearsal/serve-github.ts";
import { findRepository } from "../../../src/rehearsal/state/github.ts";
import { decisionFacts } from "../../../src/report/decision-facts.ts";
import type { ReportInputs } from "../../../src/report/report-inputs.ts";
import { reportModel } from "../../../src/report/report-model.ts";
import { publishReports } from "../../../src/wiring/publish.ts";
import { anEmbeddedGitHub } from "../embedded-github.ts";
import { jobApi } from "../github-api.ts";
import { artifactOf, publishing } from "./published-run.ts";
import { aPull } from "./rehearsal.ts";
import { reportInputs } from "./report.ts";

/** A pull request, and runs that publish ready reports of any number of models. */
export async function manyModelsStory() {
  const server = await anEmbeddedGitHub();
  const { number, head } = await aPull(server);
  const repository = findRepository(server.github, "acme/income");
  if (repository === undefined) throw new Error("no repository");
  const run = (path: string, event: string, head_sha: string) =>
    startRun(server.github, repository, { path, event, head_sha, actor: "hubot" });
  const publish = (models: readonly Reported[], { isWhole = true } = {}) => {
    const evidence = run(".github/workflows/ml-pull-request.yml", "pull_request", head);
    const job = run(".github/workflows/ml-report.yml", "workflow_run", resolveCommit(repository.git, "main") ?? "");
    const webUrl = "https://github.com/acme/income";
    const runUrl = `${webUrl}/actions/runs/${evidence.id}`;
    return publishReports(jobApi(server, publishing), models, {
      subject: {
        pullNumber: number,
        event: "pull_request",
        headSha: head,
        run: { number: evidence.id, attempt: 1 },
        runUrl,
        problems: [],
        notes: [],
      },
      repository: { defaultBranch: "main", fullName: "acme/income" },
      reportWorkflow: ".github/workflows/ml-report.yml",
      isWhole,
      jobRun: job.id,
      upload: artifactOf(server, job),
      pictures: false,
      webUrl,
      tell: () => undefined,
    });
  };
  return { server, number, head, publish };
}

/** A report as `publish` takes it, of a run that shipped unless told otherwise. */
export function aReported(name: string, inputs: ReportInputs = reportInputs()): Reported {
  const { train, evaluate } = inputs.outcomes;
  const scored = evaluate === null ? null : { ...evaluate, outputs: [...evaluate.outputs, ...(train?.outputs ?? [])] };
  const scoredInputs = { ...inputs, outcomes: { ...inputs.outcomes, evaluate: scored } };
  const facts = decisionFacts(scoredInputs, { policySha256: "4".repeat(64), inputsSha256: "5".repeat(64) });
  return {
    name,
    model: { ...reportModel(inputs), name },
    file: { path: "model.yml", gates: 2, locate: () => "model.yml:1:1" },
    facts: facts === null ? null : { ...facts, model: name },
    charts: [],
  };
}

/** Comments that stand there already, of a person, without a request for each. */
export function writtenBefore({ github }: EmbeddedGitHub, issue: number, bodies: readonly string[]): void {
  const comments = findRepository(github, "acme/income")?.comments;
  const now = github.now();
  for (const body of bodies)
    comments?.put({
      id: github.newId(),
      issue_number: issue,
      user: "rita",
      app: null,
      body,
      created_at: now,
      updated_at: now,
      edits: [{ at: now, by: "rita", body }],
    });
}
