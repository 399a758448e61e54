import type { ChangeFacts, Conversation } from "./conversation.ts";
import { laterWords } from "./later-words.ts";
import type { Person } from "./person.ts";
import type { Policy } from "./policy.ts";
import type { Receipt } from "./receipt.ts";
import type { Refusal } from "./refusal.ts";
import { unheardRejections } from "./speakers.ts";
import { approvingRoles, approvingRolesOf, refusedAuthor, refusedOwn } from "./standing.ts";
import { type Statement, statementsOf } from "./statements.ts";
import { aimedAt, type ModelDecisions } from "./target.ts";
import { targetsOf } from "./targets.ts";
import type { Judged, TrailEntry } from "./trail.ts";

export interface ReceiptRequest {
  conversation: Conversation;
  /** What is known now of everybody who commented or reviewed, by id. Who is missing has no role. */
  people: ReadonlyMap<number, Person>;
  change: ChangeFacts;
  policy: Policy;
  /** policyDigest of the rules that hold now: a decision under other rules is none. */
  policySha256: string;
  /** Every model that the pull request touches. */
  decisions: readonly ModelDecisions[];
  /** Other models of the repository. */
  otherModels: readonly string[];
  /** Whether there is a report on the pull request's head, so that `decisions` are all there are. */
  isReported: boolean;
}

/** Everything that was said about the decisions that stand now. */
export interface Approvals {
  /** Oldest first, also what does not count: the audit trail. */
  trail: readonly TrailEntry[];
  /** What counts for the newest decision of each model. */
  receipts: readonly Receipt[];
  /** Entries of the trail that hold the newest decision of a model back. */
  rejections: readonly TrailEntry[];
}

/**
 * Rebuilds all approvals of a pull request from its comments and reviews alone. Nothing that a workflow can write is read: not
 * check runs, not the bot's comments, not git's dates. The same rows give the same result, in whatever order and however often
 * they come.
 */
export function collectReceipts(request: ReceiptRequest): Approvals {
  const vocabulary = {
    models: request.decisions.map(({ model }) => model),
    otherModels: request.otherModels,
    roles: approvingRoles(request.policy),
  };
  const hasRole = (id: number) => approvingRolesOf(personOf(request, id), request.policy).length > 0;
  const statements = statementsOf(request.conversation, vocabulary, hasRole);
  const unheard = refusedUnheard(request);
  const judged = laterWords(
    statements.flatMap((statement) => judge(statement, request, unheard)),
    request.conversation,
  );
  const trail = judged.map(({ entry }) => entry);
  return {
    trail,
    receipts: judged.flatMap(receiptOf),
    rejections: trail.filter(({ said, refusal }) => said === "reject" && refusal === null),
  };
}

function personOf({ people }: ReceiptRequest, id: number, login = ""): Person {
  return people.get(id) ?? { id, login, access: null, teams: null };
}

/** One entry for each model that the statement is about. */
function judge(statement: Statement, request: ReceiptRequest, unheard: Refusal | null): Judged[] {
  const { author, said } = statement;
  const person = personOf(request, author.id, author.login);
  const roles = approvingRolesOf(person, request.policy);
  const targets = targetsOf(said, request);
  if ("refusal" in targets) return [judged(statement, { refusal: targets.refusal })];
  const personal = refusedPerson(statement, person, request);
  return targets.models.map((decisions) => {
    const { model } = decisions;
    if (said.kind === "withdraw") return judged(statement, { model, refusal: null });
    const aim = aimedAt(decisions, {
      typed: said.decision,
      approves: said.kind === "approve",
      at: statement.at,
      commitId: statement.commitId,
      headSha: request.change.headSha,
    });
    if (personal !== null) return judged(statement, { model, refusal: personal });
    if ("refusal" in aim) return judged(statement, { model, refusal: aim.refusal });
    const { digest, facts } = aim.decision;
    if (facts.policy_sha256 !== request.policySha256)
      return judged(statement, { model, refusal: { code: "rules_changed", values: {} } });
    if (said.kind === "reject") return judged(statement, { model, decision: digest, refusal: null });
    const isRefusedClaim = facts.trust === "claimed" && !request.policy.acceptsClaimed;
    const refusal = isRefusedClaim ? ({ code: "claimed", values: {} } as const) : unheard;
    return judged(statement, { model, decision: digest, refusal, roles: said.role === null ? roles : [said.role] });
  });
}

/** Why nobody's approval counts while somebody's rejection may; null: everybody who may have rejected was asked about. */
function refusedUnheard({ conversation, people }: ReceiptRequest): Refusal | null {
  const unheard = unheardRejections(conversation, people);
  const [first] = unheard;
  return first === undefined
    ? null
    : { code: "unheard", values: { count: String(unheard.length), login: first.login } };
}

function refusedPerson(statement: Statement, person: Person, request: ReceiptRequest): Refusal | null {
  if (statement.said.kind === "withdraw") return null;
  if (statement.isDismissed) return { code: "dismissed", values: { login: person.login } };
  const { otherBase } = request.change;
  if (otherBase !== null) return { code: "other_base", values: { base: otherBase } };
  const refused = refusedAuthor(statement, person, request.policy);
  return refused ?? (statement.said.kind === "approve" ? refusedOwn(person, request.change, request.policy) : null);
}

function judged(
  statement: Statement,
  found: Pick<TrailEntry, "refusal"> & Partial<Pick<TrailEntry, "model" | "decision" | "roles">>,
): Judged {
  const { source, author, at, said } = statement;
  const text = said.kind === "approve" ? said.note : said.kind === "reject" ? said.reason : null;
  const entry = { source, author, at, said: said.kind, model: null, decision: null, roles: [], text, ...found };
  return { statement, entry };
}

function receiptOf({ statement, entry }: Judged): Receipt[] {
  const { said, refusal, model, decision, source, author, roles } = entry;
  if (said !== "approve" || refusal !== null || model === null || decision === null) return [];
  const { body, at, updatedAt, commitId } = statement;
  return [
    {
      schema_version: 1,
      model,
      decision,
      source,
      author: { id: author.id, login: author.login },
      roles: [...roles],
      body,
      created_at: at,
      updated_at: updatedAt,
      commit_id: commitId,
    },
  ];
}
