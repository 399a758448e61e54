import { beforeEach, expect, it } from "vitest";
import { describeUserError } from "../../../../src/kit/user-error.ts";
import { pushFiles } from "../../../../src/rehearsal/administration/commit-files.ts";
import { addOrganization, personActor } from "../../../../src/rehearsal/administration/people.ts";
import { createRepository, setCollaborator } from "../../../../src/rehearsal/administration/repositories.ts";
import { neverStarted, sortWorkflows } from "../../../../src/rehearsal/rehearse/our-workflows.ts";
import type { EmbeddedGitHub } from "../../../../src/rehearsal/serve-github.ts";
import { anEmbeddedGitHub } from "../../../support/embedded-github.ts";

const train = (branch: string) =>
  `name: Train\non:\n  pull_request:\n    branches: [${branch}]\njobs:\n  model:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: mlops-actions/mlops-actions@v1\n`;
const report = (awaited: string) =>
  `name: Report\non:\n  workflow_run:\n    workflows: [${awaited}]\n    types: [completed]\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: mlops-actions/mlops-actions/actions/report@v1\n`;

let server: EmbeddedGitHub;
beforeEach(async () => {
  server = await anEmbeddedGitHub();
});

function told(files: Record<string, string>): string[] {
  addOrganization(server.github, "acme");
  const repository = createRepository(server.github, { owner: "acme", name: "income" });
  const actor = personActor(server.github, "mona");
  setCollaborator(repository, "mona", "admin");
  const inFolder = Object.entries(files).map(([name, text]) => [`.github/workflows/${name}`, text]);
  pushFiles(server.github, repository, { branch: "main", files: Object.fromEntries(inFolder), actor });
  const sorted = sortWorkflows(repository, "refs/heads/main");
  return neverStarted(repository, "refs/heads/main", sorted, "main").map(describeUserError);
}

it("finds nothing where the branch and the workflow exist that are waited for", () => {
  expect(told({ "train.yml": train("main"), "report.yml": report("Train") })).toEqual([]);
});

it("names the line of the placeholder that a copied template still has, and the branch to write", () => {
  expect(told({ "train.yml": train("$default-branch") })).toEqual([
    ".github/workflows/train.yml:4: no branch is called $default-branch [workflow_never_starts]\n  fix: write main there, and commit it",
  ]);
});

it("names the line that waits for a workflow which was given another name, and the names that there are", () => {
  const [message = "", ...others] = told({ "train.yml": train("main"), "report.yml": report("Training") });
  expect(others).toEqual([]);
  expect(message).toContain('.github/workflows/report.yml:4: it waits for the workflow "Training"');
  expect(message).toContain('there are "Report", "Train"');
});

it("leaves workflows alone that have nothing to do with this project", () => {
  const other = report("Build").replace("mlops-actions/mlops-actions/actions/report@v1", "actions/checkout@v5");
  expect(told({ "train.yml": train("main"), "other.yml": other })).toEqual([]);
});

it("does not miss the name of a file that GitHub would not take, which is told of by itself", () => {
  const broken = train("main").replace(
    "    runs-on: ubuntu-latest\n",
    "    permissions:\n    runs-on: ubuntu-latest\n",
  );
  expect(told({ "train.yml": broken, "report.yml": report("Train") })).toEqual([]);
});
