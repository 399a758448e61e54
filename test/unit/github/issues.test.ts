import { describe, expect, it } from "vitest";
import { closeIssues, upsertIssue } from "../../../src/github/issues.ts";
import { whoAmI } from "../../../src/github/people.ts";
import { aRepository } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub } from "../../support/embedded-github.ts";
import { idOf, jobApi, personApi } from "../../support/github-api.ts";

describe("issues", () => {
  it("are one a key and author, until they are closed", async () => {
    const server = await anEmbeddedGitHub();
    aRepository(server);
    const api = jobApi(server, { issues: "write" });
    const author = (await whoAmI(api)).id;
    const content = { key: "drift/income", author, title: "Drift", body: "age", labels: ["mlops"] as const };
    await upsertIssue(personApi(server, "rita"), { ...content, title: "Mine", author: idOf(server, "rita") });
    server.faults.inject({ method: "POST", path: /issues$/, mishap: { kind: "disconnect", applied: true } });
    const filed = await upsertIssue(api, content);
    expect(filed.author.id).toBe(author);
    expect(await upsertIssue(api, { ...content, body: "age and sex" })).toMatchObject({ number: filed.number });
    await closeIssues(api, content);
    const next = await upsertIssue(api, content);
    expect(next.number).not.toBe(filed.number);
    await expect(upsertIssue(api, { ...content, key: "a --> b" })).rejects.toThrow("no key");
  });
});
