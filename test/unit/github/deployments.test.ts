import { describe, expect, it } from "vitest";
import { listDeployments, setDeploymentState, startDeployment } from "../../../src/github/deployments.ts";
import { getRef } from "../../../src/github/refs.ts";
import { aRepository } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub } from "../../support/embedded-github.ts";
import { jobApi } from "../../support/github-api.ts";

describe("deployments", () => {
  it("start once a ref, and say a state once", async () => {
    const server = await anEmbeddedGitHub();
    aRepository(server);
    const api = jobApi(server, { deployments: "write", contents: "read" });
    const sha = (await getRef(api, "refs/heads/main"))?.sha ?? "";
    const request = {
      ref: "main",
      sha,
      environment: "production/income",
      isProduction: true,
      description: "d".repeat(200),
    };
    server.faults.inject({ method: "POST", path: /deployments$/, mishap: { kind: "disconnect", applied: true } });
    const { id } = await startDeployment(api, request);
    expect((await startDeployment(api, request)).id).toBe(id);
    server.faults.inject({ method: "POST", path: /statuses$/, mishap: { kind: "disconnect", applied: true } });
    await setDeploymentState(api, id, { state: "success", description: "x".repeat(200) });
    await setDeploymentState(api, id, { state: "success", description: "x".repeat(200) });
    expect(await listDeployments(api, "production/income")).toHaveLength(1);
    const posts = server.requests.filter(
      ({ endpoint }) => endpoint?.startsWith("POST") && endpoint.endsWith("statuses"),
    );
    expect(posts).toHaveLength(1);
  });
});
