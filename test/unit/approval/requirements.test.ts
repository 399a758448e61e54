import { describe, expect, it } from "vitest";
import { collectReceipts } from "../../../src/approval/collect-receipts.ts";
import { tallyModel } from "../../../src/approval/tally.ts";
import {
  aComment,
  account,
  aDecision,
  aPerson,
  approvalsOf,
  aRequest,
  aReview,
  at,
  everybody,
  heads,
  people,
  type Story,
  trailOf,
  twoRoles,
} from "../../support/builders/approval.ts";

const { alice, paul, sue, wanda, willy, betty, oscar } = people;
const digest = aDecision().digest.slice(0, 12);

function stateOf(story: Story, act = "register"): string {
  const request = aRequest(story);
  const [decisions] = request.decisions;
  if (decisions === undefined) throw new Error("the story has no model");
  const approvals = collectReceipts(request);
  return tallyModel({
    policySha256: "4".repeat(64),
    act,
    policy: request.policy,
    decisions,
    approvals,
    headSha: request.change.headSha,
  }).state;
}

describe("requirement 1: only a comment as it was written counts", () => {
  it("counts one that nobody touched", () => {
    expect(trailOf({ comments: [aComment(wanda, "/approve")] })).toEqual(["wanda approve income"]);
  });

  it.each([
    ["its times differ", { updatedAt: at(11) }],
    ["it was edited in the second it was written in", { editor: { kind: "account", id: wanda.id } as const }],
    ["somebody else edited it", { editor: { kind: "account", id: alice.id } as const }],
    ["whoever edited it is gone", { editor: { kind: "unknown" } as const }],
  ])("refuses it when %s", (_, changed) => {
    expect(trailOf({ comments: [aComment(wanda, "/approve", changed)] })).toEqual(["wanda approve income: edited"]);
  });
});

describe("requirement 2: a command is the first thing on a line of plain text", () => {
  it.each([
    "I would not /approve this",
    "> /approve",
    "> what he said\n/approve",
    "```\n/approve\n```",
    "    /approve",
    "- /approve",
    "`x\n/approve\ny`",
    "<!--\n/approve\n-->",
    "a <!--\n/approve\n--> b",
    "<details>\n/approve\n</details>",
    "~~~sh\n/approve",
    "/approve\n===",
    "[x\n/approve](https://example.org)",
  ])("reads none in %j", (body) => {
    expect(trailOf({ comments: [aComment(wanda, body)] })).toEqual([]);
  });

  it.each([
    "/approve",
    "  /approve",
    "Looks good.\n\n/approve",
    "Looks good.\r\n/approve\r\nThank you",
    "/Approve",
    "/approve!",
  ])("reads one in %j", (body) => {
    expect(trailOf({ comments: [aComment(wanda, body)] })).toEqual(["wanda approve income"]);
  });
});

describe("requirement 3: an approval is bound to one decision", () => {
  const numbers = aDecision({ metrics: { roc_auc: { value: 0.7, lower: 0.69, upper: 0.71 } }, madeAt: at(20) });
  const rerun = [{ model: "income", history: [aDecision(), numbers] }];

  it("is void when a rerun finds other numbers", () => {
    expect(trailOf({ decisions: rerun, comments: [aComment(wanda, "/approve")] })).toEqual([
      "wanda approve income: other_decision",
    ]);
  });

  it("holds when a rerun finds the same numbers", () => {
    const decisions = [{ model: "income", history: [aDecision(), aDecision({ madeAt: at(20) })] }];
    expect(trailOf({ decisions, comments: [aComment(wanda, "/approve")] })).toEqual(["wanda approve income"]);
  });

  it("names it by the digits that the report shows, or by seven of them", () => {
    const bodies = [`/approve ${digest}`, `/approve ${digest.slice(0, 7)}`, `/approve ${digest.toUpperCase()}`];
    for (const body of bodies) expect(trailOf({ comments: [aComment(wanda, body)] })).toEqual(["wanda approve income"]);
    expect(trailOf({ comments: [aComment(wanda, "/approve 0123456")] })).toEqual([
      "wanda approve income: decision_unknown",
    ]);
    expect(trailOf({ comments: [aComment(wanda, `/approve ${heads.first.slice(0, 7)}`)] })).toEqual([
      "wanda approve income: commit_not_decision",
    ]);
  });

  it("cannot be of a decision that was made later, even when it names it", () => {
    const comments = [aComment(wanda, `/approve ${numbers.digest.slice(0, 12)}`)];
    expect(trailOf({ decisions: rerun, comments })).toEqual(["wanda approve income: before_decision"]);
  });

  it("asks for the digest when the report is so new that the one before may have been read", () => {
    const bare = aComment(wanda, "/approve", { createdAt: at(20, 40) });
    const named = aComment(willy, `/approve ${numbers.digest.slice(0, 12)}`, { createdAt: at(20, 40) });
    const late = aComment(willy, "/approve", { createdAt: at(22, 1) });
    expect(trailOf({ decisions: rerun, comments: [bare] })).toEqual(["wanda approve income: too_soon"]);
    expect(trailOf({ decisions: rerun, comments: [named] })).toEqual(["willy approve income"]);
    expect(trailOf({ decisions: rerun, comments: [late] })).toEqual(["willy approve income"]);
  });

  it("does not ask so much of a rejection, which takes an approval back at once", () => {
    const named = aComment(wanda, `/approve ${numbers.digest.slice(0, 12)}`, { createdAt: at(20, 40) });
    const regretted = aComment(wanda, "/reject I misread it", { createdAt: at(20, 50) });
    expect(trailOf({ decisions: rerun, comments: [named, regretted] })).toEqual([
      "wanda approve income: replaced",
      "wanda reject income",
    ]);
  });
});

describe("requirement 4: a push voids", () => {
  const pushed = {
    ...{ headSha: heads.second, author: alice.id, pushers: [paul.id], starters: [sue.id] },
    ...{ bots: [], otherBase: null },
  };

  it("voids every approval as soon as the head moves, before there is a new report", () => {
    const story = { change: pushed, comments: [aComment(wanda, "/approve")], reviews: [aReview(willy)] };
    expect(trailOf(story)).toEqual(["wanda approve income: no_decision_yet", "willy approve income: other_commit"]);
    expect(stateOf(story)).toBe("no_report");
  });

  it("does not carry an approval over to the report on the new head", () => {
    const history = [aDecision(), aDecision({ head_sha: heads.second, madeAt: at(20) })];
    const decisions = [{ model: "income", history }];
    const story = { change: pushed, decisions, comments: [aComment(wanda, "/approve")] };
    expect(trailOf(story)).toEqual(["wanda approve income: other_decision"]);
    expect(stateOf(story)).toBe("waiting");
  });
});

it("requirement 5: no date of git is read, only GitHub's own times of comments and runs", () => {
  const early = aComment(wanda, "/approve", { createdAt: at(-1) });
  const sameSecond = aComment(willy, "/approve", { createdAt: at(0) });
  expect(trailOf({ comments: [early, sameSecond] })).toEqual([
    "wanda approve income: before_decision",
    "willy approve income: before_decision",
  ]);
});

describe("requirement 6: what bots write is never believed", () => {
  it("refuses the approval of a bot and of an App in a person's name", () => {
    const bot = account(41898282, "github-actions[bot]", "Bot");
    const comments = [aComment(wanda, "/approve", { throughApp: "helper" }), aComment(bot, "/approve")];
    const story = { comments, people: [...everybody, aPerson(bot, "admin")] };
    expect(trailOf(story)).toEqual([
      "wanda approve income: through_app",
      "github-actions[bot] approve income: not_a_person",
    ]);
  });

  it("reads no state from text that looks like a report or a receipt", () => {
    const forged = `<!-- mlops:receipt ${aDecision().digest} -->\n{"schema_version":1,"author":{"id":10,"login":"wanda"}}`;
    expect(approvalsOf({ comments: [aComment(alice, forged)] })).toEqual({ trail: [], receipts: [], rejections: [] });
  });
});

describe("requirement 7: the API says who may approve", () => {
  it.each([
    ["triage", ["wanda approve income: no_role"]],
    ["write", ["wanda approve income"]],
    ["maintain", ["wanda approve income"]],
    ["none", ["wanda approve income: no_role"]],
    [null, ["wanda approve income: access_unreadable"]],
  ] as const)("of somebody with access %s, without an mlops.yml", (access, trail) => {
    expect(trailOf({ comments: [aComment(wanda, "/approve")], people: [aPerson(wanda, access)] })).toEqual(trail);
  });

  it("takes members of a team, and says so when teams cannot be read", () => {
    const comments = [aComment(betty, "/approve")];
    const story = (teams: string[] | null) => ({ comments, mlops: twoRoles, people: [aPerson(betty, "read", teams)] });
    expect(trailOf(story(["acme/product"]))).toEqual(["betty approve income"]);
    expect(trailOf(story(["acme/other"]))).toEqual(["betty approve income: no_role"]);
    expect(trailOf(story(null))).toEqual(["betty approve income: teams_unreadable"]);
  });

  it("gives nobody a role of whom nothing is known", () => {
    expect(trailOf({ comments: [aComment(wanda, "/approve")], people: [] })).toEqual([
      "wanda approve income: access_unreadable",
    ]);
  });
});

describe("requirement 8: nobody approves what they had a hand in", () => {
  it("refuses author, pushers and whoever started the run", () => {
    const comments = [alice, paul, sue].map((who) => aComment(who, "/approve"));
    expect(trailOf({ comments, reviews: [aReview(alice)] })).toEqual([
      "alice approve income: author",
      "paul approve income: pusher",
      "sue approve income: starter",
      "alice approve income: author",
    ]);
  });

  it("refuses everybody when it is not known who pushed or who started the run", () => {
    const change = aRequest().change;
    const comments = [aComment(wanda, "/approve")];
    expect(trailOf({ comments, change: { ...change, pushers: null } })).toEqual([
      "wanda approve income: pushers_unknown",
    ]);
    expect(trailOf({ comments, change: { ...change, starters: null } })).toEqual([
      "wanda approve income: starters_unknown",
    ]);
  });

  it("counts a review's Approve of the commit, and of no other", () => {
    const [current, stale] = [aReview(wanda), aReview(willy, { commitId: heads.second })];
    expect(trailOf({ reviews: [current, stale] })).toEqual([
      "wanda approve income",
      "willy approve income: other_commit",
    ]);
    expect(trailOf({ reviews: [aReview(wanda, { state: "DISMISSED" })] })).toEqual(["wanda approve income: dismissed"]);
    expect(trailOf({ reviews: [aReview(wanda, { state: "COMMENTED", body: "/approve" })] })).toEqual([]);
  });

  it("counts m of n different people for each role", () => {
    const [first, second, third] = [
      aComment(wanda, "/approve"),
      aComment(willy, "/approve"),
      aComment(betty, "/approve"),
    ];
    const twice = [first, aComment(wanda, "/approve"), third];
    expect(stateOf({ mlops: twoRoles, comments: twice })).toBe("waiting");
    expect(stateOf({ mlops: twoRoles, comments: [first, second] })).toBe("waiting");
    expect(stateOf({ mlops: twoRoles, comments: [first, second, third] })).toBe("approved");
    const both = { ...twoRoles, roles: { ...twoRoles.roles, business: { people: ["wanda"], teams: [] } } };
    const overlapping = [aComment(wanda, "/approve"), aComment(wanda, "/approve as data-science")];
    expect(stateOf({ mlops: both, comments: overlapping })).toBe("waiting");
    expect(stateOf({ mlops: both, comments: [...overlapping, second] })).toBe("approved");
    expect(stateOf({ mlops: twoRoles, comments: [] }, "promote staging")).toBe("approved");
  });
});

describe("requirement 9: numbers of the pull request are a claim", () => {
  const decisions = [{ model: "income", history: [aDecision({ trust: "claimed" })] }];

  it("may not be approved unless the policy says so", () => {
    const comments = [aComment(wanda, "/approve")];
    expect(trailOf({ decisions, comments })).toEqual(["wanda approve income: claimed"]);
    expect(trailOf({ decisions, comments, mlops: { accept_claimed: true } })).toEqual(["wanda approve income"]);
  });

  it("have another digest than the same numbers computed by the default branch", () => {
    expect(aDecision({ trust: "claimed" }).digest).not.toBe(aDecision().digest);
  });
});

it("requirement 10: what outsiders write is neither obeyed nor parsed at length", () => {
  const hostile = `/approve\n\n${"**a_".repeat(950)}`;
  // Parsed, it would take a third of a second each time.
  const comments = [aComment(oscar, hostile), aComment(oscar, "/reject it")];
  expect(trailOf({ comments })).toEqual(["oscar reject income: no_role"]);
});

it("requirement 11: the same rows give the same receipts, in any order and however often they come", () => {
  const comments = [aComment(wanda, "/approve"), aComment(willy, "/approve"), aComment(betty, "/approve")];
  const reviews = [aReview(willy)];
  const once = approvalsOf({ comments, reviews, mlops: twoRoles });
  expect(once.receipts).toHaveLength(3);
  const again = { comments: [...comments, ...comments].reverse(), reviews: [...reviews, ...reviews] };
  expect(approvalsOf({ ...again, mlops: twoRoles })).toEqual(once);
});

describe("requirement 12: the trail only grows", () => {
  it("keeps what was taken back and what does not count", () => {
    const comments = [
      aComment(wanda, "/approve", { createdAt: at(10) }),
      aComment(oscar, "/approve", { createdAt: at(11) }),
      aComment(wanda, "/withdraw", { createdAt: at(12) }),
      aComment(willy, "/reject the data leak", { createdAt: at(13) }),
    ];
    expect(trailOf({ comments })).toEqual([
      "wanda approve income: withdrawn",
      "oscar approve income: no_role",
      "wanda withdraw income",
      "willy reject income",
    ]);
    expect(stateOf({ comments })).toBe("rejected");
  });

  it("notices that somebody else edited or deleted what may have taken an approval back", () => {
    const approval = aComment(wanda, "/approve");
    const editor = { kind: "account", id: alice.id } as const;
    const edited = aComment(wanda, "nice weather", { createdAt: at(11), updatedAt: at(12), editor });
    const gone = { at: at(12), author: wanda.id, by: alice.id };
    expect(trailOf({ comments: [approval, edited] })).toEqual(["wanda approve income: tampered"]);
    expect(trailOf({ comments: [approval], deletions: [gone] })).toEqual(["wanda approve income: tampered"]);
    const atOnce = { ...gone, at: approval.createdAt };
    expect(trailOf({ comments: [approval], deletions: [atOnce] })).toEqual(["wanda approve income: tampered"]);
    const byNobody = { ...edited, editor: { kind: "unknown" } as const };
    expect(trailOf({ comments: [approval, byNobody] })).toEqual(["wanda approve income: tampered"]);
    expect(trailOf({ comments: [approval], deletions: [{ ...gone, at: at(9) }] })).toEqual(["wanda approve income"]);
    expect(trailOf({ comments: [approval], deletions: [{ ...gone, by: wanda.id }] })).toEqual(["wanda approve income"]);
  });
});
