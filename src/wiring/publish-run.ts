import { join, relative, resolve, sep } from "node:path";
import * as z from "zod";
import type { Inputs } from "../actions/report/io.ts";
import { mostComments, type Reported, type Unreported } from "../actions/report/publish.ts";
import { Api } from "../github/api.ts";
import { createContext } from "../kit/context.ts";
import { readEvent } from "../kit/git.ts";
import type { Log } from "../kit/log.ts";
import type { ActionResult } from "../kit/run-action.ts";
import type { StepContext } from "../kit/step.ts";
import { actionResult } from "../kit/step-result.ts";
import { uploadArtifact } from "../kit/upload-artifact.ts";
import { describeUserError, UserError, UserErrors } from "../kit/user-error.ts";
import type { Chart } from "../report/chart-plan.ts";
import { chartsForComment } from "../report/comment-pictures.ts";
import { decisionFacts } from "../report/decision-facts.ts";
import { escapeMarkdown } from "../report/escape-markdown.ts";
import { readRun } from "../report/read-run.ts";
import { type ReportModel, reportModel } from "../report/report-model.ts";
import { readPolicy } from "./branch-policy.ts";
import type { Keeping } from "./kept-decisions.ts";
import { publishReports } from "./publish.ts";
import { findSubject, webUrl } from "./publish-subject.ts";
import { jobSummary, reportStep } from "./report.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface PublishRun {
  inputs: Inputs;
  environment: Environment;
  log: Log;
  /** Instead of one for the token and repository of the job. */
  api?: Api;
  /** Instead of the artifact service of the job. */
  upload?: Keeping["upload"];
}

const Matrix = z.object({
  include: z.array(
    z.object({
      model: z.string().min(1),
      "model-file": z.string().min(1),
      "working-directory": z.string().min(1).optional(),
    }),
  ),
});

interface Place {
  /** Null: as its model.yml says. */
  name: string | null;
  modelFile: string;
  workingDirectory: string;
}

/** Renders the reports of a run's models and publishes them. A model whose evidence cannot be read is told of as failed. */
export async function publishRun({
  inputs,
  environment,
  log,
  api = apiOf(inputs, environment),
  upload = uploadArtifact,
}: PublishRun): Promise<ActionResult> {
  const event = await readEvent(environment.GITHUB_EVENT_PATH);
  const found = await findSubject(api, event);
  const headSha = "subject" in found ? found.subject.headSha : null;
  const rules = "subject" in found ? await readPolicy(api, found.baseBranch) : null;
  const results: ActionResult[] = [];
  const models: (Reported | Unreported)[] = [];
  const places = placesOf(inputs);
  const withCharts = inputs.charts && places.length <= mostComments;
  for (const place of places) {
    try {
      const created = await createContext({ ...inputs, ...place, log, environment });
      const context = headSha === null ? created : { ...created, git: { ...created.git, head_sha: headSha } };
      results.push(actionResult(context, await reportStep(context, inputs), await jobSummary(context)));
      models.push(await reportedOf(context, { policySha256: rules?.digest ?? "", environment, withCharts }));
    } catch (error) {
      models.push({ name: place.name ?? place.modelFile, problem: problemOf(error) });
      if (place.name === null) throw error;
    }
  }
  refuseRepeated(models);
  if (!("subject" in found) || rules === null)
    log.info(`nothing is published: ${"reason" in found ? found.reason : ""}`);
  else {
    const publication = {
      subject: found.subject,
      isWhole: inputs.matrix !== "",
      jobRun: Number(environment.GITHUB_RUN_ID),
      upload,
      pictures: inputs.charts,
      webUrl: webUrl(environment),
    };
    const { outdated } = await publishReports(api, models, { ...publication, tell: (line) => log.info(line) });
    if (outdated.length > 0) log.info(`a later run has told of ${outdated.join(", ")} already; its words stay`);
  }
  return resultOf(models, results);
}

function apiOf({ token }: Inputs, { GITHUB_REPOSITORY: name = "" }: Environment): Api {
  const [owner = "", repo = ""] = name.split("/");
  return new Api({ token, repository: { owner, repo } });
}

function placesOf({ matrix, modelFile, workingDirectory }: Inputs): Place[] {
  if (matrix === "") return [{ name: null, modelFile, workingDirectory }];
  return parsedMatrix(matrix).include.map((entry) => ({
    name: entry.model,
    modelFile: entry["model-file"],
    workingDirectory: join(workingDirectory, entry["working-directory"] ?? "."),
  }));
}

function parsedMatrix(text: string): z.infer<typeof Matrix> {
  const fix = "give the output matrix of the action plan, as it is";
  try {
    const parsed = Matrix.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    throw new UserError({ code: "input_invalid", message: z.prettifyError(parsed.error), where: "input matrix", fix });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError({ code: "input_invalid", message: "it is no JSON", where: "input matrix", fix, cause: error });
  }
}

async function reportedOf(
  context: StepContext,
  { policySha256, environment, withCharts }: { policySha256: string; environment: Environment; withCharts: boolean },
): Promise<Reported> {
  const { inputs } = await readRun(context);
  const model = reportModel(inputs);
  const root = environment.GITHUB_WORKSPACE ?? context.workingDirectory;
  return {
    name: model.name,
    model,
    file: {
      path: relative(resolve(root), context.model.path).split(sep).join("/"),
      gates: context.model.spec.evaluate.gates.length,
      locate: (path) => context.model.locate(path),
    },
    facts: decisionFacts(inputs, policySha256),
    charts: withCharts ? await commentCharts(model) : [],
  };
}

async function commentCharts(model: ReportModel): Promise<Chart[]> {
  const { drawCharts } = await import("../report/draw-charts.ts");
  return chartsForComment(await drawCharts(model));
}

/** The mistake in words; a bug goes on. */
function problemOf(error: unknown): string {
  const mistakes = error instanceof UserErrors ? error.errors : error instanceof UserError ? [error] : null;
  if (mistakes === null) throw error;
  return mistakes
    .slice(0, 20)
    .map((mistake) => `- ${escapeMarkdown(describeUserError(mistake), 1000)}`)
    .join("\n");
}

/** Two models of one name would write into one comment. */
function refuseRepeated(models: readonly { name: string }[]): void {
  const names = models.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return;
  throw new UserError({
    code: "spec_conflict",
    message: `two model.yml files have the name ${repeated}`,
    where: "input matrix",
    fix: "give one of them another name",
  });
}

/** One model's own result, or what can be said of several. */
function resultOf(models: readonly (Reported | Unreported)[], results: readonly ActionResult[]): ActionResult {
  const [only] = results;
  const unreported = models.filter((model) => "problem" in model).length;
  if (only !== undefined && models.length === 1) return only;
  return {
    verdict: unreported > 0 ? "fail" : "pass",
    summary: `report: ${models.length - unreported} of ${models.length} models reported`,
    findings: [],
    outputs: { verdict: unreported > 0 ? "fail" : "pass", reasonCode: "report_written", outcome: "" },
    jobSummary: results.map((result) => result.jobSummary).join("\n"),
  };
}
