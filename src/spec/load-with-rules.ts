import { UserError, UserErrors } from "../kit/user-error.ts";
import { type LoadedModel, loadModel } from "./load.ts";
import { type LoadedRepository, loadRepositorySpec } from "./load-repository.ts";
import { repositoryRoot } from "./repository-root.ts";
import { type RepositoryRules, ruleErrors, rulesOf } from "./repository-rules.ts";

/** A model.yml and what the mlops.yml of its repository asks of it. */
export interface GovernedModel {
  model: LoadedModel;
  rules: RepositoryRules;
}

/**
 * Reads the model.yml at `path`, relative to `workingDirectory`, and mlops.yml at the repository's root. Throws the
 * mistakes of both files at once, as UserErrors; then those that one has by the other's rules.
 */
export async function loadWithRules(path: string, workingDirectory: string): Promise<GovernedModel> {
  const [model, repository] = await Promise.allSettled([
    loadModel(path, workingDirectory),
    repositoryRoot(workingDirectory).then(loadRepositorySpec),
  ]);
  if (model.status === "rejected" || repository.status === "rejected") throw allOf([model, repository]);
  return withRules(model.value, repository.value);
}

/** A model with the rules that hold for it. Throws the mistakes that it has by them, as UserErrors. */
export function withRules(model: LoadedModel, repository: LoadedRepository | null): GovernedModel {
  const errors = repository === null ? [] : ruleErrors(repository, model);
  if (errors.length > 0) throw new UserErrors(errors);
  return { model, rules: rulesOf(repository) };
}

/** A bug goes before mistakes; one failure stays what it is. */
function allOf(results: readonly PromiseSettledResult<unknown>[]): unknown {
  const reasons: unknown[] = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  const mistakes = reasons.map((reason) => {
    if (reason instanceof UserErrors) return reason.errors;
    return reason instanceof UserError ? [reason] : null;
  });
  const bug = mistakes.indexOf(null);
  if (bug >= 0 || reasons.length === 1) return reasons[Math.max(bug, 0)];
  return new UserErrors(mistakes.flatMap((errors) => errors ?? []));
}
