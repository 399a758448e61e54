import { createHash } from "node:crypto";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { isoSeconds } from "../git/objects.ts";
import { type Actor, actionsApp, actionsBotId, Team, Token, User } from "./accounts.ts";
import { Collection, readRecordIfAny, writeRecord } from "./collection.ts";
import type { Event } from "./release-records.ts";
import { fullName, openRepository, type Repository } from "./repository.ts";

/** Where the server is reached: without a slash at the end. */
interface Links {
  /** `http://127.0.0.1:PORT/api/v3`. */
  api: string;
  /** `http://github.localhost:PORT`, which the toolkit takes for GitHub's own host; nothing connects to it. */
  web: string;
  /** `http://127.0.0.1:PORT`: git, uploads, artifacts. */
  origin: string;
}

type EventListener = (event: Event, repository: Repository) => void;

/** Everything that the embedded GitHub knows. */
export interface GitHub {
  readonly folder: string;
  readonly links: Links;
  /** ISO 8601 in UTC, seconds. */
  now(): string;
  newId(): number;
  readonly users: Collection<User>;
  readonly teams: Collection<Team>;
  readonly tokens: Collection<Token>;
  readonly repositories: Map<string, Repository>;
  readonly listeners: Set<EventListener>;
}

export interface Opening {
  folder: string;
  links: Links;
  clock?: () => Date;
}

const Sequence = z.object({ last: z.number().int() });
/** Ids of real GitHub do not fit 32 bits; a client that believes they do should fail here too. */
const firstId = 3_000_000_000;

export function openGitHub({ folder, links, clock = () => new Date() }: Opening): GitHub {
  mkdirSync(join(folder, "repositories"), { recursive: true });
  const github: GitHub = {
    folder,
    links,
    now: () => isoSeconds(clock()),
    newId: sequence(join(folder, "sequence.json")),
    users: new Collection(join(folder, "users"), User, ({ login }) => login),
    teams: new Collection(join(folder, "teams"), Team, ({ organization, slug }) => `${organization}/${slug}`),
    tokens: new Collection(join(folder, "tokens"), Token, ({ sha256 }) => sha256),
    repositories: new Map(),
    listeners: new Set(),
  };
  if (github.users.get(botLogin(actionsApp.slug)) === undefined)
    github.users.put({ id: actionsBotId, login: botLogin(actionsApp.slug), type: "Bot", created_at: github.now() });
  for (const repository of storedRepositories(folder)) github.repositories.set(repositoryKey(repository), repository);
  return github;
}

export function findRepository(github: GitHub, name: string): Repository | undefined {
  return github.repositories.get(name.toLowerCase());
}

export function addRepository(github: GitHub, repository: Repository): void {
  github.repositories.set(repositoryKey(repository), repository);
}

export function botLogin(slug: string): string {
  return `${slug}[bot]`;
}

/** Null for a token that nobody was given, or that was revoked. */
export function actorOf(github: GitHub, secret: string | null): Actor | null {
  if (secret === null) return { kind: "anonymous" };
  const token = github.tokens.get(tokenDigest(secret));
  // The API does not know what the services of Actions take.
  if (token === undefined || token.kind === "runtime") return null;
  if (token.kind === "person") return { kind: "person", user: userOf(github, token.login) };
  const { app, repository, permissions, run_id } = token;
  return { kind: "installation", user: userOf(github, botLogin(app.slug)), app, repository, permissions, run_id };
}

export function userOf(github: GitHub, login: string): User {
  const user = github.users.get(login);
  if (user === undefined) throw new Error(`the embedded GitHub has lost the user ${login}`);
  return user;
}

export function tokenDigest(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function repositoryKey({ facts }: Repository): string {
  return fullName(facts).toLowerCase();
}

/** Taken at once: a file that is replaced for each number costs more than all else that a request does. */
const block = 100;

/** Counts up, also across restarts, which leave some out: numbers are on disk before they are handed out. */
function sequence(path: string): () => number {
  let { last } = readRecordIfAny(path, Sequence) ?? { last: firstId };
  let taken = last;
  return () => {
    last += 1;
    if (last > taken) {
      taken = last + block - 1;
      writeRecord(path, { last: taken });
    }
    return last;
  };
}

function storedRepositories(folder: string): Repository[] {
  const root = join(folder, "repositories");
  return readdirSync(root).flatMap((owner) =>
    readdirSync(join(root, owner)).flatMap((name) => openRepository(join(root, owner, name)) ?? []),
  );
}
