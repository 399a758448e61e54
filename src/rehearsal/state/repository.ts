import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type * as z from "zod";
import type { GitFolder } from "../git/git.ts";
import { Collection, readRecordIfAny, writeRecord } from "./collection.ts";
import {
  Activity,
  CheckRun,
  Comment,
  CommentDeletion,
  CommitStatus,
  Issue,
  Label,
  Pull,
  Reaction,
  RepositoryFacts,
  Review,
  SignedCommit,
} from "./records.ts";
import {
  Artifact,
  ArtifactUpload,
  Asset,
  CacheEntry,
  Deployment,
  DeploymentStatus,
  Environment,
  Event,
  Job,
  Release,
  Run,
} from "./release-records.ts";

/** One repository: its facts, its git folder, and a folder of records for each noun. */
export interface Repository {
  readonly folder: string;
  readonly git: GitFolder;
  facts: RepositoryFacts;
  readonly labels: Collection<Label>;
  readonly issues: Collection<Issue>;
  readonly pulls: Collection<Pull>;
  readonly comments: Collection<Comment>;
  readonly commentDeletions: Collection<CommentDeletion>;
  readonly reactions: Collection<Reaction>;
  readonly reviews: Collection<Review>;
  readonly checkRuns: Collection<CheckRun>;
  readonly statuses: Collection<CommitStatus>;
  readonly activities: Collection<Activity>;
  readonly signedCommits: Collection<SignedCommit>;
  readonly releases: Collection<Release>;
  readonly assets: Collection<Asset>;
  readonly deployments: Collection<Deployment>;
  readonly deploymentStatuses: Collection<DeploymentStatus>;
  readonly environments: Collection<Environment>;
  readonly runs: Collection<Run>;
  readonly jobs: Collection<Job>;
  readonly artifacts: Collection<Artifact>;
  readonly artifactUploads: Collection<ArtifactUpload>;
  readonly caches: Collection<CacheEntry>;
  readonly events: Collection<Event>;
}

export function fullName({ owner, name }: { owner: string; name: string }): string {
  return `${owner}/${name}`;
}

/** Opens the folder of a repository; null when its facts were never written. */
export function openRepository(folder: string): Repository | null {
  const facts = readRecordIfAny(join(folder, "repository.json"), RepositoryFacts);
  if (facts === null) return null;
  const repository = withCollections(folder, facts);
  // The issue of a pull request is written last: a killed process left half of one, and that is none.
  for (const { number } of repository.pulls.all())
    if (repository.issues.get(number) === undefined) repository.pulls.delete(number);
  return repository;
}

/** Its facts are written last by `saveFacts`, so that half a creation is none. */
export function withCollections(folder: string, facts: RepositoryFacts): Repository {
  mkdirSync(folder, { recursive: true });
  const byId = <T extends { id: number }>(name: string, schema: z.ZodType<T>) =>
    new Collection(join(folder, name), schema, ({ id }) => String(id));
  const byNumber = <T extends { number: number }>(name: string, schema: z.ZodType<T>) =>
    new Collection(join(folder, name), schema, ({ number }) => String(number));
  return {
    folder,
    facts,
    git: { path: join(folder, "git") },
    labels: new Collection(join(folder, "labels"), Label, ({ name }) => name),
    issues: byNumber("issues", Issue),
    pulls: byNumber("pulls", Pull),
    comments: byId("comments", Comment),
    commentDeletions: byId("comment-deletions", CommentDeletion),
    reactions: byId("reactions", Reaction),
    reviews: byId("reviews", Review),
    checkRuns: byId("check-runs", CheckRun),
    statuses: byId("statuses", CommitStatus),
    activities: byId("activities", Activity),
    signedCommits: new Collection(join(folder, "signed-commits"), SignedCommit, ({ sha }) => sha),
    releases: byId("releases", Release),
    assets: byId("assets", Asset),
    deployments: byId("deployments", Deployment),
    deploymentStatuses: byId("deployment-statuses", DeploymentStatus),
    environments: new Collection(join(folder, "environments"), Environment, ({ name }) => name),
    runs: byId("runs", Run),
    jobs: byId("jobs", Job),
    artifacts: byId("artifacts", Artifact),
    artifactUploads: byId("artifact-uploads", ArtifactUpload),
    caches: byId("caches", CacheEntry),
    events: byId("events", Event),
  };
}

export function saveFacts(repository: Repository, changes: Partial<RepositoryFacts>): void {
  repository.facts = { ...repository.facts, ...changes };
  writeRecord(join(repository.folder, "repository.json"), repository.facts);
}

/** The next number of an issue or pull request. */
export function nextNumber(repository: Repository): number {
  const number = repository.facts.last_number + 1;
  saveFacts(repository, { last_number: number });
  return number;
}
