import { stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { downloadSubmission } from "../../../src/wiring/download-submission.ts";
import type { FinishedRun } from "../../../src/wiring/finished-run.ts";
import { scriptedGitHub } from "../../support/fakes/scripted-github.ts";
import { scratchFolder } from "../../support/scratch.ts";

const run: FinishedRun = {
  ...{ id: 7, attempt: 1, event: "pull_request", headSha: "a".repeat(40), headBranch: "change" },
  ...{ headRepository: "acme/shop", isFromFork: false, defaultBranch: "main", url: "u" },
};

const anArtifact = (fields: object) => ({
  ...{ id: 1, name: "mlops-eu=churn", size_in_bytes: 9, expired: false, created_at: "2026-11-28T09:00:00Z" },
  ...{ digest: null, workflow_run: { id: 7 }, ...fields },
});

/** What is made of a run's artifacts as a server lists them. */
async function submitted(...artifacts: readonly object[]) {
  const { api, requests } = scriptedGitHub([{ body: { total_count: artifacts.length, artifacts } }]);
  const path = join(await scratchFolder(), "artifact.zip");
  const archive = await downloadSubmission(api, { run, model: "eu/churn", path });
  await expect(stat(path)).rejects.toThrow("ENOENT");
  return { archive, requests: requests() };
}

it("asks for the artifact of the model among those of this very run", async () => {
  const { archive, requests } = await submitted();
  expect(requests).toEqual(["GET /repos/acme/shop/actions/runs/7/artifacts?per_page=100&name=mlops-eu%3Dchurn"]);
  expect(archive).toMatchObject({ code: "artifact_missing" });
});

it("takes none of another name or run, whatever the server lists", async () => {
  const others = [anArtifact({ name: "mlops-eu=churn-2" }), anArtifact({ workflow_run: { id: 8 } })];
  expect((await submitted(...others)).archive).toMatchObject({ code: "artifact_missing" });
});

it.each([
  [{ expired: true }, "has expired"],
  [{ size_in_bytes: 3 * 1024 ** 3 }, "is larger than 2147 MB"],
])("tells why it takes none: %j", async (fields, words) => {
  const { archive } = await submitted(anArtifact(fields));
  expect(archive).toMatchObject({ code: "artifact_refused", message: expect.stringContaining(words) });
});
