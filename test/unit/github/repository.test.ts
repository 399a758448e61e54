import { describe, expect, it } from "vitest";
import { compareCommits, getRepository, readFileAt } from "../../../src/github/repository.ts";
import { aPull } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub } from "../../support/embedded-github.ts";
import { jobApi } from "../../support/github-api.ts";

describe("the repository", () => {
  it("gives its default branch, files and how commits stand to each other", async () => {
    const server = await anEmbeddedGitHub();
    const { head } = await aPull(server);
    const api = jobApi(server, { contents: "read" });
    expect(await getRepository(api)).toMatchObject({
      fullName: "acme/income",
      defaultBranch: "main",
      isPrivate: false,
    });
    expect([await readFileAt(api, "model.yml", head), await readFileAt(api, "model.yml", "main")]).toEqual([
      "name: income\n",
      null,
    ]);
    await expect(readFileAt(api, "", head)).rejects.toThrow("is no file");
    expect(await compareCommits(api, "main", head)).toMatchObject({ status: "ahead", aheadBy: 1, behindBy: 0 });
  });
});
