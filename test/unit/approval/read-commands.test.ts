import { describe, expect, it } from "vitest";
import { readCommands } from "../../../src/approval/read-commands.ts";
import { hostileText } from "../../support/hostile.ts";
import { fc } from "../../support/properties.ts";

const one = { models: ["income"], otherModels: ["churn"], roles: ["data-science", "data", "business owners"] };
const three = { ...one, models: ["income", "churn", "risk/eu"], otherModels: [] };

function read(body: string, vocabulary = one) {
  return readCommands(body, vocabulary);
}

function mistakeIn(body: string, vocabulary = one) {
  const [mistake] = read(body, vocabulary).mistakes;
  return mistake === undefined
    ? null
    : `${mistake.line}:${mistake.column} ${mistake.code}: ${mistake.message} → ${mistake.instead}`;
}

const plain = { line: 1, models: [], decision: null, role: null, note: null };

describe("/approve", () => {
  it.each([
    ["/approve", {}],
    ["/approve looks good to me", { note: "looks good to me" }],
    ["/approve 3f2a91c", { decision: "3f2a91c" }],
    ["/approve 3F2A91C04B7D as Data-Science fine", { decision: "3f2a91c04b7d", role: "data-science", note: "fine" }],
    ["/approve as business owners: sold", { role: "business owners", note: "sold" }],
    ["/approve income as data — thanks", { models: ["income"], role: "data", note: "thanks" }],
    ["/approve all", { models: ["income"] }],
    ["/approve facade", { note: "facade" }],
    ["/approve as: data", { role: "data" }],
    ["/approve 3f2a91c04b7d, as data", { decision: "3f2a91c04b7d", role: "data" }],
    ["/approve `3f2a91c04b7d`.", { decision: "3f2a91c04b7d" }],
    ["/approve income: #3f2a91c", { models: ["income"], decision: "3f2a91c" }],
  ])("%s", (body, said) => {
    expect(read(body)).toEqual({ commands: [{ kind: "approve", ...plain, ...said }], mistakes: [] });
  });

  it("names several models in one line, or one in each", () => {
    const both = { commands: [{ kind: "approve", ...plain, models: ["income", "risk/eu"] }], mistakes: [] };
    expect(read("/approve income, risk/eu", three)).toEqual(both);
    expect(read("/approve all", three).commands).toMatchObject([{ models: ["income", "churn", "risk/eu"] }]);
    expect(read("/approve income\n/reject churn too few rows", three).commands).toMatchObject([
      { kind: "approve", line: 1, models: ["income"] },
      { kind: "reject", line: 2, models: ["churn"], reason: "too few rows" },
    ]);
  });

  it("does not take its own words for the names of models, which a pull request chooses", () => {
    const named = { ...one, models: ["income", "3f2a91c04b7d", "as"] };
    expect(read("/approve 3f2a91c04b7d as data", named).commands).toMatchObject([
      { models: [], decision: "3f2a91c04b7d", role: "data" },
    ]);
    expect(read("/approve income as data", named).commands).toMatchObject([{ models: ["income"], role: "data" }]);
  });

  it("needs no name of several models when it names the decision", () => {
    expect(read("/approve 3f2a91c", three)).toMatchObject({
      commands: [{ models: [], decision: "3f2a91c" }],
      mistakes: [],
    });
  });
});

describe("questions", () => {
  it.each(["why", "status", "rerun", "help", "withdraw"] as const)("/%s is read, with a model or without", (kind) => {
    expect(read(`/${kind}`)).toEqual({ commands: [{ kind, line: 1, models: [] }], mistakes: [] });
    expect(read(`Hello\n /${kind} income`).commands).toEqual([{ kind, line: 2, models: ["income"] }]);
  });
});

describe("mistakes are answered where they are", () => {
  it.each([
    ["Hi\n  /aprove", "2:3 unknown_command: there is no command “/aprove” → /approve"],
    ["/approved", "1:1 unknown_command: there is no command “/approved” → /approve"],
    ["/approve?", "1:1 unknown_command: there is no command “/approve?” → /approve"],
    [
      "/reject",
      "1:1 no_reason: a rejection says why, so that somebody can repair it → /reject the recall of one group fell",
    ],
    ["/approve churn", "1:1 model_not_here: this pull request touches income, not churn → /approve income"],
    ["/approve 3f2a91c 77bb001", "1:1 two_decisions: one line approves one decision → /approve 3f2a91c04b7d"],
    [
      "/approve 3f2a, good",
      "1:1 short_decision: 3f2a is too short for a decision, which seven of its digits name at least → /approve 3f2a91c04b7d",
    ],
    [
      "/approve `912004`.",
      "1:1 short_decision: 912004 is too short for a decision, which seven of its digits name at least → /approve 3f2a91c04b7d",
    ],
    [
      "/approve as bussiness",
      "1:1 unknown_role: there is no role “bussiness” (there is: data-science, data, business owners); a note that begins with “as” goes on the next line → /approve as business owners",
    ],
    [
      `/approve ${"x".repeat(4000)}`,
      "1:1 too_long: commands are read from comments of at most 4000 characters → /approve",
    ],
  ])("%j", (body, mistake) => {
    expect(mistakeIn(body)).toBe(mistake);
    expect(read(body).commands).toEqual([]);
  });

  it("asks which of several models is meant instead of approving all", () => {
    expect(mistakeIn("/approve incme", three)).toBe(
      "1:1 which_model: this pull request touches 3 models (income, churn, risk/eu): name those that you approve, or all → /approve income",
    );
    expect(mistakeIn("/approve income churn 3f2a91c", three)).toContain("two_decisions");
  });

  it.each(["/usr/bin/python", "/lgtm", "/label bug", "/retest", "/ approve", "/", "/approve/me"])(
    "leaves %j to whom it concerns",
    (body) => {
      expect(read(body)).toEqual({ commands: [], mistakes: [] });
    },
  );
});

describe("properties", () => {
  it("never throws, whatever people write", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(hostileText(), fc.constantFrom("\n", "/approve ", "/", "> ", "as "))), (pieces) => {
        const { commands, mistakes } = read(pieces.join(""), three);
        for (const { line } of [...commands, ...mistakes]) expect(line).toBeGreaterThan(0);
      }),
    );
  });

  it("reads what it was given: models, decision, role and note come back", () => {
    const note = fc
      .stringMatching(/^[a-z]{1,6}( [a-z]{1,6}){0,3}$/)
      .filter((text) => !/^(as|all|income|churn)\b|^[0-9a-f]{7,}\b/.test(text));
    const written = fc.record({
      models: fc.subarray(["income", "churn", "risk/eu"], { minLength: 1, maxLength: 1 }),
      decision: fc.option(fc.stringMatching(/^[0-9a-f]{7,64}$/)),
      role: fc.option(fc.constantFrom(...one.roles)),
      note: fc.option(note),
    });
    fc.assert(
      fc.property(written, (said) => {
        const words = [
          "/approve",
          ...said.models,
          said.decision,
          said.role === null ? null : `as ${said.role}`,
          said.note,
        ];
        const body = words.filter((word) => word !== null).join(" ");
        expect(read(body, three)).toEqual({ commands: [{ kind: "approve", line: 1, ...said }], mistakes: [] });
      }),
    );
  });

  it("reads nothing from what is quoted or fenced, whatever it is", () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const lines = `${text.replaceAll("`", "")}\n/approve`.split(/\r\n|\n|\r/);
        expect(read(lines.map((line) => `> ${line}`).join("\n")).commands).toEqual([]);
        expect(read(`\`\`\`\n${lines.join("\n")}\n\`\`\``).commands).toEqual([]);
      }),
    );
  });
});
