import { join } from "node:path";
import { createGitFolder, git } from "../git/git.ts";
import type { Role } from "../state/accounts.ts";
import { addRepository, findRepository, type GitHub } from "../state/github.ts";
import type { RepositoryFacts } from "../state/records.ts";
import { fullName, type Repository, saveFacts, withCollections } from "../state/repository.ts";

export interface NewRepository {
  owner: string;
  name: string;
  private?: boolean;
  default_branch?: string;
  /** Settings → Actions → "Allow GitHub Actions to create and approve pull requests": off unless somebody sets it. */
  actions_may_open_pulls?: boolean;
  /** Published releases and their tags can no longer change. */
  immutable_releases?: boolean;
}

/** An empty repository; its folder counts only once its facts are written. */
export function createRepository(github: GitHub, wanted: NewRepository): Repository {
  const { owner, name, default_branch = "main" } = wanted;
  if (findRepository(github, fullName(wanted)) !== undefined) throw new Error(`${fullName(wanted)} is there already`);
  const repository = place(github, {
    id: github.newId(),
    owner,
    name,
    private: wanted.private ?? false,
    actions_may_open_pulls: wanted.actions_may_open_pulls ?? false,
    immutable_releases: wanted.immutable_releases ?? false,
    branch_rules: {},
    default_branch,
    fork_of: null,
    created_at: github.now(),
    pushed_at: github.now(),
    last_number: 0,
    collaborators: {},
    teams: {},
  });
  return repository;
}

/** All branches and tags of `parent` under another owner. */
export function forkRepository(github: GitHub, parent: Repository, owner: string): Repository {
  const there = findRepository(github, `${owner}/${parent.facts.name}`);
  if (there !== undefined) return there;
  const fork = place(github, {
    ...parent.facts,
    id: github.newId(),
    owner,
    fork_of: fullName(parent.facts),
    created_at: github.now(),
    pushed_at: github.now(),
    last_number: 0,
    collaborators: {},
    teams: {},
  });
  git(fork.git, ["fetch", "--quiet", parent.git.path, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]);
  return fork;
}

export function setCollaborator(repository: Repository, login: string, role: Role): void {
  saveFacts(repository, { collaborators: { ...repository.facts.collaborators, [login]: role } });
}

export function setTeamRole(repository: Repository, slug: string, role: Role): void {
  saveFacts(repository, { teams: { ...repository.facts.teams, [slug]: role } });
}

function place(github: GitHub, facts: RepositoryFacts): Repository {
  const folder = join(github.folder, "repositories", facts.owner, facts.name);
  createGitFolder(join(folder, "git"), facts.default_branch);
  const repository = withCollections(folder, facts);
  saveFacts(repository, {});
  addRepository(github, repository);
  return repository;
}
