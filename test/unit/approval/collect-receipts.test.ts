import { describe, expect, it } from "vitest";
import { policyOf } from "../../../src/approval/policy.ts";
import { Receipt } from "../../../src/approval/receipt.ts";
import { heardSpeakers, speakersOf } from "../../../src/approval/speakers.ts";
import {
  aComment,
  account,
  aDecision,
  approvalsOf,
  aRequest,
  aReview,
  at,
  people,
  trailOf,
  twoRoles,
} from "../../support/builders/approval.ts";
import { fc } from "../../support/properties.ts";

const { alice, wanda, willy, betty } = people;
const [income, churn] = [aDecision(), aDecision({ model: "churn" })];
const decisions = [
  { model: "income", history: [income] },
  { model: "churn", history: [churn] },
];

describe("a receipt", () => {
  it("is a copy of the person's own words with the decision they are bound to", () => {
    const comment = aComment(wanda, "/approve as data-science\n\nI looked at every slice.");
    const review = aReview(betty, { body: "fine" });
    const { receipts } = approvalsOf({ comments: [comment], reviews: [review], mlops: twoRoles });
    expect(receipts.map((receipt) => Receipt.parse(receipt))).toEqual([
      {
        schema_version: 1,
        model: "income",
        decision: income.digest,
        source: { kind: "comment", id: comment.id },
        author: { id: 10, login: "wanda" },
        roles: ["data-science"],
        body: "/approve as data-science\n\nI looked at every slice.",
        created_at: at(10),
        updated_at: at(10),
        commit_id: null,
      },
      {
        schema_version: 1,
        model: "income",
        decision: income.digest,
        source: { kind: "review", id: review.id },
        author: { id: 20, login: "betty" },
        roles: ["business"],
        body: "fine",
        created_at: at(10),
        updated_at: null,
        commit_id: review.commitId,
      },
    ]);
  });
});

describe("several models", () => {
  it("are approved one by one, by name or by digest", () => {
    const comments = [aComment(wanda, "/approve income"), aComment(willy, `/approve ${churn.digest.slice(0, 12)}`)];
    expect(trailOf({ decisions, comments })).toEqual(["wanda approve income", "willy approve churn"]);
  });

  it("are all approved by a review, and rejected by one that requests changes", () => {
    const reviews = [aReview(wanda), aReview(willy, { state: "CHANGES_REQUESTED" })];
    expect(trailOf({ decisions, reviews })).toEqual([
      "wanda approve income",
      "wanda approve churn",
      "willy reject income",
      "willy reject churn",
    ]);
  });

  it("are not approved by digits that fit none or two of them", () => {
    const twins = [
      { model: "income", history: [{ ...income, digest: `abcdef01${"0".repeat(56)}` }] },
      { model: "churn", history: [{ ...churn, digest: `abcdef02${"0".repeat(56)}` }] },
    ];
    const comments = [aComment(wanda, "/approve abcdef0"), aComment(willy, "/approve 1234567")];
    expect(trailOf({ decisions: twins, comments })).toEqual([
      "wanda approve ?: decision_ambiguous",
      "willy approve ?: decision_unknown",
    ]);
    const both = [{ model: "income", history: twins.flatMap(({ history }) => history) }];
    expect(trailOf({ decisions: both, comments: comments.slice(0, 1) })).toEqual([
      "wanda approve income: decision_ambiguous",
    ]);
  });

  it("may be none, or one without a report yet", () => {
    const comments = [aComment(wanda, "/approve")];
    expect(trailOf({ decisions: [], comments })).toEqual(["wanda approve ?: nothing_to_approve"]);
    expect(trailOf({ decisions: [{ model: "income", history: [] }], comments })).toEqual([
      "wanda approve income: no_report_yet",
    ]);
  });
});

describe("a role", () => {
  it("limits an approval to itself, and cannot be one that the person does not have", () => {
    const comments = [aComment(wanda, "/approve as data-science"), aComment(betty, "/approve as data-science")];
    expect(trailOf({ mlops: twoRoles, comments })).toEqual([
      "wanda approve income",
      "betty approve income: not_this_role",
    ]);
  });
});

describe("a person's last word stands", () => {
  function said(...words: string[]): string[] {
    const comments = words.map((body, index) => aComment(wanda, body, { createdAt: at(10 + index) }));
    return trailOf({ comments }).map((line) => line.replace("wanda ", "").replace(" income", ""));
  }

  it.each([
    [
      ["/approve", "/approve"],
      ["approve: replaced", "approve"],
    ],
    [
      ["/approve", "/reject no"],
      ["approve: replaced", "reject"],
    ],
    [
      ["/reject no", "/approve"],
      ["reject: replaced", "approve"],
    ],
    [
      ["/approve", "/withdraw"],
      ["approve: withdrawn", "withdraw"],
    ],
    [
      ["/reject no", "/withdraw"],
      ["reject: withdrawn", "withdraw"],
    ],
    [
      ["/approve", "/withdraw", "/approve"],
      ["approve: withdrawn", "withdraw", "approve"],
    ],
    [
      ["/approve", "/approve 1234567"],
      ["approve", "approve: decision_unknown"],
    ],
  ])("%j", (words, trail) => {
    expect(said(...words)).toEqual(trail);
  });

  it("is not touched by what others say", () => {
    const comments = [aComment(wanda, "/approve"), aComment(willy, "/withdraw")];
    expect(trailOf({ comments })).toEqual(["wanda approve income", "willy withdraw income"]);
  });
});

describe("what holds a change back needs less proof than what lets it pass", () => {
  const byAlice = { updatedAt: at(12), editor: { kind: "account", id: alice.id } as const };
  const byWilly = { updatedAt: at(12), editor: { kind: "account", id: willy.id } as const };

  it("takes a rejection that its author corrected, and none that somebody else wrote into it", () => {
    expect(trailOf({ comments: [aComment(willy, "/reject no", byWilly)] })).toEqual(["willy reject income"]);
    expect(trailOf({ comments: [aComment(willy, "/reject no", byAlice)] })).toEqual(["willy reject income: edited"]);
  });

  it("keeps a rejection when somebody else wrote the withdrawal, which still takes approvals back", () => {
    const rejection = aComment(willy, "/reject no", { createdAt: at(9) });
    const approval = aComment(wanda, "/approve", { createdAt: at(9) });
    const forged = [willy, wanda].map((who) => aComment(who, "/withdraw", byAlice));
    expect(trailOf({ comments: [rejection, approval, ...forged] }).slice(0, 2)).toEqual([
      "willy reject income",
      "wanda approve income: withdrawn",
    ]);
  });

  it("lets the author reject their own change", () => {
    expect(trailOf({ comments: [aComment(alice, "/reject not yet")] })).toEqual(["alice reject income"]);
  });
});

it("asks GitHub about those alone who may have said something", () => {
  const bot = account(9, "bot[bot]", "Bot");
  const { conversation } = aRequest({
    comments: [
      aComment(wanda, "/approve"),
      aComment(wanda, "/why"),
      aComment(alice, "hello"),
      aComment(bot, "/approve"),
    ],
    reviews: [aReview(betty), aReview(willy, { state: "COMMENTED" })],
  });
  expect(speakersOf(conversation).map(({ login }) => login)).toEqual(["wanda", "betty"]);
});

describe("of more people than are asked about", () => {
  const crowd = Array.from({ length: 61 }, (_, place) => account(1_000 + place, `stranger-${place}`));

  it("those are heard who spoke last, however early they spoke first", () => {
    const { conversation } = aRequest({
      comments: [
        aComment(wanda, "/status", { createdAt: at(1) }),
        ...crowd.map((stranger) => aComment(stranger, "/status", { createdAt: at(2) })),
        aComment(wanda, "/reject no", { createdAt: at(3) }),
      ],
    });
    const heard = heardSpeakers(speakersOf(conversation), policyOf(null));
    expect([heard.length, heard[0]?.login]).toEqual([60, "wanda"]);
  });

  it("nobody's approval counts while one who was not heard may have rejected", () => {
    const words = [aComment(willy, "/approve"), ...crowd.map((stranger) => aComment(stranger, "/status"))];
    expect(trailOf({ comments: words })).toEqual(["willy approve income"]);
    const long = `Well.\n\n  /Reject: ${"no ".repeat(300)}`;
    expect(trailOf({ comments: [aComment(account(999, "late"), long), ...words] })).toEqual([
      "willy approve income: unheard",
    ]);
    const review = aReview(account(999, "late"), { state: "CHANGES_REQUESTED" });
    expect(trailOf({ comments: words, reviews: [review] })).toContain("willy approve income: unheard");
  });
});

describe("whatever is said", () => {
  const word = fc.record({
    who: fc.constantFrom(...Object.values(people)),
    body: fc.constantFrom("/approve", "/reject no", "/withdraw", `/approve ${income.digest.slice(0, 12)}`, "hello"),
    minute: fc.integer({ min: -5, max: 5 }),
    edited: fc.boolean(),
  });
  const story = fc.array(word, { maxLength: 12 }).map((words) => ({
    comments: words.map(({ who, body, minute, edited }) => {
      return aComment(who, body, { createdAt: at(minute), updatedAt: at(edited ? 30 : minute) });
    }),
  }));

  it("nobody's approval counts twice, none of their own change, none that is edited or early", () => {
    fc.assert(
      fc.property(story, ({ comments }) => {
        const { receipts } = approvalsOf({ comments });
        const ids = receipts.map(({ author }) => author.id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { author, created_at, updated_at, source } of receipts) {
          expect([wanda.id, willy.id]).toContain(author.id);
          expect([created_at > at(0), updated_at === created_at]).toEqual([true, true]);
          expect(comments.find(({ id }) => id === source.id)?.author.id).toBe(author.id);
        }
      }),
    );
  });

  it("a withdrawal by everybody leaves nothing", () => {
    fc.assert(
      fc.property(story, ({ comments }) => {
        const last = Object.values(people).map((who) => aComment(who, "/withdraw", { createdAt: at(50) }));
        const { receipts, rejections } = approvalsOf({ comments: [...comments, ...last] });
        expect([receipts, rejections]).toEqual([[], []]);
      }),
    );
  });
});
