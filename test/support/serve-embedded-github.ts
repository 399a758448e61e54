import { pushFiles } from "../../src/rehearsal/administration/commit-files.ts";
import { personActor } from "../../src/rehearsal/administration/people.ts";
import { createRepository } from "../../src/rehearsal/administration/repositories.ts";
import { personToken } from "../../src/rehearsal/administration/tokens.ts";
import { serveGitHub } from "../../src/rehearsal/serve-github.ts";

// An embedded GitHub in a process of its own, which can be killed: argv names its folder, and the first line on stdout its
// address and rita's token. It holds acme/income with the open issue 1.

const { github } = await serveGitHub({
  folder: process.argv[2] ?? "",
  limits: { contentPerMinute: 1e6, contentPerHour: 1e6, person: 1e6 },
});
const rita = personActor(github, "rita");
personActor(github, "acme");
const repository = createRepository(github, { owner: "acme", name: "income" });
pushFiles(github, repository, { branch: "main", files: { "README.md": "a model\n" }, actor: rita });
const token = personToken(github, "rita");
const { api } = github.links;
await fetch(`${api}/repos/acme/income/issues`, {
  method: "POST",
  headers: { authorization: `token ${token}`, "user-agent": "test" },
  body: JSON.stringify({ title: "a conversation" }),
});
process.stdout.write(`${JSON.stringify({ api, token })}\n`);
