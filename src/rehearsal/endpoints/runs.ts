import { requestRun } from "../administration/runs.ts";
import { ApiError, forbidden, notFound } from "../server/api-error.ts";
import {
  type Answer,
  created,
  type Endpoint,
  type KnownCall,
  ok,
  type RepositoryCall,
  reads,
  writes,
} from "../server/endpoint.ts";
import { wrappedPage } from "../server/paginate.ts";
import { numberParam, textParam } from "../server/read-call.ts";
import { signedAddress } from "../server/signed-address.ts";
import type { Artifact, Run } from "../state/release-records.ts";
import { artifactView, isExpired, runView } from "../views/run-view.ts";

const runs = "/repos/{owner}/{repo}/actions/runs";
const artifacts = "/repos/{owner}/{repo}/actions/artifacts";
const artifact = `${artifacts}/{artifact_id}` as const;

export const runEndpoints: readonly Endpoint[] = [
  reads(runs, ["actions"], listRuns),
  reads(`${runs}/{run_id}`, ["actions"], (call) => ok(runView(call.github, call.repository, findRun(call)))),
  writes("POST", `${runs}/{run_id}/rerun`, ["actions"], "write", rerun),
  reads(`${runs}/{run_id}/artifacts`, ["actions"], listRunArtifacts),
  reads(artifacts, ["actions"], (call) => listArtifacts(call, call.repository.artifacts.all())),
  reads(artifact, ["actions"], (call) => ok(artifactView(call.github, call.repository, findArtifact(call)))),
  // A download wants a caller who is known, also where the repository is public.
  reads(`${artifact}/{archive_format}`, ["actions"], download, { neverPublic: true }),
];

function listRuns(call: RepositoryCall) {
  const { github, repository, query } = call;
  const wanted: readonly [string, (run: Run) => string | null][] = [
    ["head_sha", (run) => run.head_sha],
    ["event", (run) => run.event],
    ["branch", (run) => run.head_branch],
    ["actor", (run) => run.actor],
  ];
  const status = query.get("status");
  const found = repository.runs
    .all()
    .filter((run) => wanted.every(([name, value]) => query.get(name) === null || query.get(name) === value(run)))
    .filter((run) => status === null || run.status === status || run.conclusion === status)
    .reverse();
  return wrappedPage(call, "workflow_runs", found, (run) => runView(github, repository, run));
}

function rerun(call: KnownCall) {
  const { github, repository, actor } = call;
  const run = findRun(call);
  if (run.status !== "completed") throw forbidden("This workflow is already running");
  const again = repository.runs.put({
    ...run,
    run_attempt: run.run_attempt + 1,
    status: "queued",
    conclusion: null,
    triggering_actor: actor.user.login,
    updated_at: github.now(),
  });
  requestRun(github, repository, again, actor);
  return created({});
}

function listRunArtifacts(call: RepositoryCall) {
  const run = findRun(call);
  return listArtifacts(
    call,
    call.repository.artifacts.all().filter((one) => one.run_id === run.id),
  );
}

function listArtifacts(call: RepositoryCall, all: readonly Artifact[]) {
  const name = call.query.get("name");
  const found = all.filter((one) => name === null || one.name === name).reverse();
  return wrappedPage(call, "artifacts", found, (one) => artifactView(call.github, call.repository, one));
}

function download(call: RepositoryCall): Answer {
  const { github, repository } = call;
  const found = findArtifact(call);
  if (textParam(call, "archive_format") !== "zip") throw notFound();
  if (isExpired(github, found)) throw new ApiError(410, "Artifact has expired");
  return {
    status: 302,
    headers: { location: signedAddress(github, { kind: "artifacts", repository, id: found.id }, "read") },
  };
}

function findRun(call: RepositoryCall): Run {
  const run = call.repository.runs.get(numberParam(call, "run_id"));
  if (run === undefined) throw notFound();
  return run;
}

function findArtifact(call: RepositoryCall): Artifact {
  const found = call.repository.artifacts.get(numberParam(call, "artifact_id"));
  if (found === undefined) throw notFound();
  return found;
}
