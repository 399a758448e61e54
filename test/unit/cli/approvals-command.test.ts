import { expect, it } from "vitest";
import { buildProgram } from "../../../src/cli/program.ts";
import { personToken } from "../../../src/rehearsal/administration/tokens.ts";
import { conversationStory } from "../../support/builders/conversation.ts";

type Story = Awaited<ReturnType<typeof conversationStory>>;

async function approvals(story: Story, ...more: string[]) {
  const out: string[] = [];
  const codes: number[] = [];
  const terminal = {
    out: (text: string) => void out.push(text),
    err: () => undefined,
    colour: false,
    interactive: false,
    columns: 100,
  };
  const { github } = story.server;
  const environment = {
    GH_TOKEN: personToken(github, "mona"),
    GITHUB_API_URL: github.links.api,
    GITHUB_REPOSITORY: "acme/income",
  };
  const program = await buildProgram({ terminal, environment, exit: (code) => void codes.push(code) });
  await program.parseAsync(["approvals", "--pr", String(story.number), ...more], { from: "user" });
  return { out: out.join(""), code: codes.at(-1) };
}

it("lists who approved what and what does not count, and says by its exit code where that leaves it", async () => {
  const story = await conversationStory();
  await story.decides(story.head);
  expect(await approvals(story)).toMatchObject({ code: 4 });
  await story.says("hubot", "/approve");
  await story.says("rita", "/approve \u001b[31m::error::fine");
  const { out, code } = await approvals(story);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^acme\/income #1 at [0-9a-f]{7}: Approved\n {2}income {2}[0-9a-f]{12} {2}approved: writer 1 of 1 \(rita\)\n\n/,
  );
  expect(out).toMatch(/\d\d:\d\d {2}hubot {2}approve {2}income/);
  expect(out).toContain("no: hubot opened the pull request");
  expect(out).toContain("counts as writer");
  expect(out).not.toContain("\u001b");
  await story.says("mona", "/reject it fell");
  expect(await approvals(story)).toMatchObject({ code: 1 });
  const json = await approvals(story, "--json");
  expect(JSON.parse(json.out)).toMatchObject({
    conclusion: "failure",
    models: [{ model: "income", state: "rejected", rejected_by: ["mona"] }],
    trail: [
      { author: { login: "hubot" }, counts: false, refusal: { code: "author" } },
      { author: { login: "rita" }, counts: true },
      { author: { login: "mona" }, said: "reject" },
    ],
    receipts: [{ author: { login: "rita" }, model: "income" }],
  });
});

it("refuses what is no number, before it asks anybody", async () => {
  const story = await conversationStory();
  await expect(approvals({ ...story, number: Number.NaN })).rejects.toThrow("NaN is no number of a pull request");
});
