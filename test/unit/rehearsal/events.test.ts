import { expect, it } from "vitest";
import { appToken } from "../../../src/rehearsal/administration/tokens.ts";
import { deliver } from "../../../src/rehearsal/events/emit.ts";
import type { Event } from "../../../src/rehearsal/state/release-records.ts";
import { aJob, aPull, at } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub, clientOf, clientOfPerson } from "../../support/embedded-github.ts";

it("starts runs by what people and own Apps do, and none by what a job does with its token", async () => {
  const server = await anEmbeddedGitHub();
  const { number } = await aPull(server);
  const heard: Event[] = [];
  server.github.listeners.add((event) => heard.push(event));
  const app = { id: 77, slug: "acme-mlops", name: "acme mlops" };
  const permissions = { issues: "write" } as const;
  const own = clientOf(server, appToken(server.github, app, { repository: "acme/income", permissions }));
  for (const client of [clientOfPerson(server, "rita"), aJob(server, permissions), own])
    await client.rest.issues.createComment({ ...at, issue_number: number, body: "hello" });
  expect(heard.map(({ name, action, sender, starts_runs }) => [name, action, sender, starts_runs])).toEqual([
    ["issue_comment", "created", "rita", "yes"],
    ["issue_comment", "created", "github-actions[bot]", "no"],
    ["issue_comment", "created", "acme-mlops[bot]", "yes"],
  ]);
});

it("delivers an event again under its old name, so that a listener can know it", async () => {
  const server = await anEmbeddedGitHub();
  const { number } = await aPull(server);
  const heard: Event[] = [];
  server.github.listeners.add((event) => heard.push(event));
  const { issues } = clientOfPerson(server, "rita").rest;
  await issues.createComment({ ...at, issue_number: number, body: "/approve" });
  const [repository] = server.github.repositories.values();
  const [first] = heard;
  if (repository === undefined || first === undefined) throw new Error("nothing was heard");
  deliver(server.github, repository, first);
  expect(heard.map(({ guid }) => guid)).toEqual([first.guid, first.guid]);
  expect(repository.events.all().filter(({ name }) => name === "issue_comment")).toHaveLength(1);
});
