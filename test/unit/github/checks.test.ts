import { describe, expect, it } from "vitest";
import { type CheckContent, listChecks, writeChecks } from "../../../src/github/checks.ts";
import { aPull } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub } from "../../support/embedded-github.ts";
import { jobApi } from "../../support/github-api.ts";

describe("checks", () => {
  const content = {
    name: "mlops / income",
    key: "run 1",
    conclusion: "failure" as const,
    title: "1 gate fails",
    summary: "roc_auc",
    annotations: Array.from({ length: 120 }, (_, line) => {
      return {
        path: "model.yml",
        startLine: line + 1,
        endLine: line + 1,
        level: "warning" as const,
        message: "m",
        title: "t",
      };
    }),
  };

  async function story() {
    const server = await anEmbeddedGitHub({ limits: { contentPerMinute: 5000, contentPerHour: 5000 } });
    const { head } = await aPull(server);
    const api = jobApi(server, { checks: "write" });
    const write = async (more: Partial<CheckContent>) => (await writeChecks(api, head, [{ ...content, ...more }]))[0];
    return { server, head, api, write };
  }

  it("are written once a key, with all annotations once, whatever breaks on the way", async () => {
    const { server, head, api, write } = await story();
    const mishap = { kind: "status", status: 502, applied: true } as const;
    server.faults.inject({ method: "POST", path: /check-runs$/, mishap });
    const first = await write({});
    expect(first).toMatchObject({ conclusion: "failure", annotations: 120, externalId: "run 1" });
    const again = await write({ conclusion: "success", title: "fine" });
    expect(again).toMatchObject({ id: first?.id, conclusion: "success", title: "fine", annotations: 120 });
    await write({ key: "run 2", conclusion: null, annotations: [] });
    const shown = (await listChecks(api, head, "mlops / income")).map(({ externalId, status }) => [externalId, status]);
    expect(shown).toEqual([
      ["run 2", "in_progress"],
      ["run 1", "completed"],
    ]);
  });

  it("are many at a price that is stated: one write each, and the list once", async () => {
    const { head, api } = await story();
    const many = Array.from({ length: 300 }, (_, model) => ({
      ...content,
      name: `mlops / model-${model}`,
      annotations: [],
    }));
    await writeChecks(api, head, many);
    expect(api.requests).toBe(1 + 300);
    await writeChecks(api, head, many);
    expect(api.requests).toBe(1 + 300 + 3 + 300);
    expect(await listChecks(api, head)).toHaveLength(300);
  });
});
