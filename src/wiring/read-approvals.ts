import { askGit } from "../git/run-git.ts";
import { Api } from "../github/api.ts";
import { UserError } from "../kit/user-error.ts";
import { readStanding, type Standing } from "./approval-standing.ts";
import { defaultReportWorkflow } from "./kept-decisions.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface TrailRequest {
  pullNumber: number;
  /** As owner/name; null: the job's, or that of the remote `origin`. */
  repository: string | null;
  folder: string;
  environment: Environment;
}

/** Where a pull request's approvals stand, for a person: reads only. */
export async function approvalTrail(request: TrailRequest): Promise<{ standing: Standing; repository: string }> {
  const { environment, folder, pullNumber } = request;
  const repository = request.repository ?? environment.GITHUB_REPOSITORY ?? (await originOf(folder));
  const [owner = "", repo = ""] = repository.split("/");
  const token = environment.GH_TOKEN ?? environment.GITHUB_TOKEN;
  if (!token) throw noToken();
  const baseUrl = environment.GITHUB_API_URL;
  const api = new Api({ token, repository: { owner, repo }, ...(baseUrl === undefined ? {} : { baseUrl }) });
  return {
    standing: await readStanding({ api, mayAsk: api }, { pullNumber, reportWorkflow: defaultReportWorkflow }),
    repository,
  };
}

/** @example "git@github.com:acme/income.git" and "https://github.com/acme/income" are acme/income */
async function originOf(folder: string): Promise<string> {
  const { exitCode, stdout } = await askGit(folder, ["remote", "get-url", "origin"]);
  const name = /[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?\s*$/.exec(stdout.toString("utf8"))?.[1];
  if (exitCode === 0 && name !== undefined) return name;
  throw new UserError({
    code: "input_invalid",
    message: "which repository is meant is not known: there is no remote origin here",
    where: "--repository",
    fix: "run it in a clone, or give --repository OWNER/NAME",
  });
}

function noToken(): UserError {
  return new UserError({
    code: "input_invalid",
    message: "there is no token to ask GitHub with",
    where: "GH_TOKEN",
    fix: "set GH_TOKEN to a token that may read the repository (with the gh client: GH_TOKEN=$(gh auth token))",
  });
}
