import { describe, expect, it } from "vitest";
import { getAccess, listTeamsOf } from "../../../src/github/people.ts";
import { addTeam, personActor } from "../../../src/rehearsal/administration/people.ts";
import { setCollaborator } from "../../../src/rehearsal/administration/repositories.ts";
import { aRepository } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub } from "../../support/embedded-github.ts";
import { idOf, jobApi, personApi } from "../../support/github-api.ts";

describe("people", () => {
  it("have the access that GitHub says now, not folded, and only under their own id", async () => {
    const server = await anEmbeddedGitHub();
    const repository = aRepository(server);
    for (const [login, role] of [
      ["tom", "triage"],
      ["max", "maintain"],
    ] as const) {
      personActor(server.github, login);
      setCollaborator(repository, login, role);
    }
    const api = jobApi(server, {});
    const access = (login: string, id = idOf(server, login)) => getAccess(api, { login, id });
    const found = await Promise.all(["mona", "rita", "tom", "max", "stranger"].map((login) => access(login)));
    expect(found).toEqual(["admin", "write", "triage", "maintain", "read"]);
    expect(await access("mona", idOf(server, "rita"))).toBeNull();
    expect(await getAccess(api, { login: "gone", id: 1 })).toBeNull();
  });

  it("are in the teams that the token may see; a job's own sees none", async () => {
    const server = await anEmbeddedGitHub();
    aRepository(server);
    addTeam(server.github, "acme", "product", { rita: "member", mona: "maintainer" });
    expect(await listTeamsOf(jobApi(server, {}), "rita", ["acme/product"])).toBeNull();
    const mona = personApi(server, "mona");
    expect(await listTeamsOf(mona, "rita", ["acme/product", "acme/other"])).toEqual(new Set(["acme/product"]));
    expect(await listTeamsOf(mona, "hubot", ["acme/product"])).toEqual(new Set());
  });
});
