import type { FindingCode } from "../kit/codes.ts";
import type { Finding } from "../kit/outcome.ts";
import { type ModelFile, versionOf } from "./model-version.ts";
import type { PlannedModel } from "./models.ts";
import type { RepositoryPolicy } from "./repository-policy.ts";

export interface NamedModel {
  model: PlannedModel;
  file: ModelFile;
  isTouched: boolean;
}

/** What the change does to names: a model.yml that takes, changes or leaves one. Errors are names that it may not have. */
export function nameFindings(models: readonly NamedModel[], base: RepositoryPolicy): Finding[] {
  return [
    ...models.flatMap((each) => ownFindings(each, base)),
    ...sharedNames(models.filter(({ model }) => model.status !== "removed")),
    ...missingFiles(models, base),
  ];
}

function ownFindings({ model, file }: NamedModel, base: RepositoryPolicy): Finding[] {
  const { file: path, listedAs, status } = model;
  if (status === "removed") {
    const message = `the change deletes ${path}: nothing plans, evaluates or watches this model any more`;
    return [finding("model_removed", "warning", model.name, message)];
  }
  const now = versionOf(file.head);
  if (now === null) return [];
  if (listedAs !== null) {
    if (listedAs === now.name) return [];
    return [
      conflict(model.name, `mlops.yml says that ${path} is the model ${listedAs}; the change calls it ${now.name}`),
    ];
  }
  const owner = Object.hasOwn(base.models, now.name) ? base.models[now.name] : undefined;
  if (owner !== undefined)
    return [conflict(now.name, `mlops.yml gives the name ${now.name} to ${owner}; ${path} takes it too`)];
  const old = versionOf(file.before)?.name;
  if (old !== undefined && old !== now.name) {
    const message = `the change renames ${old} (${path}) to ${now.name}: it starts without versions, approvals and history`;
    return [finding("model_renamed", "warning", now.name, message)];
  }
  if (Object.keys(base.models).length > 0 && status === "new") {
    const message = `the base branch's mlops.yml does not list ${path}: only what it lists is planned after the merge`;
    return [finding("model_unlisted", "warning", now.name, message)];
  }
  return [];
}

/** Two model.yml of one name: an error where the change touches one of them, else it was there before. */
function sharedNames(models: readonly NamedModel[]): Finding[] {
  const named = models.filter(({ model }) => model.version !== null && model.listedAs === null);
  const names = [...new Set(named.map(({ model }) => model.name))];
  return names.flatMap((name) => {
    const all = named.filter(({ model }) => model.name === name);
    if (all.length < 2) return [];
    const paths = all.map(({ model }) => model.file);
    const message = `${paths.join(" and ")} have the same name`;
    if (all.some(({ isTouched }) => isTouched)) return [conflict(name, message)];
    return [finding("model_name_conflict", "warning", name, message)];
  });
}

function missingFiles(models: readonly NamedModel[], base: RepositoryPolicy): Finding[] {
  const there = new Set(models.map(({ model }) => model.file));
  return Object.entries(base.models)
    .filter(([, path]) => !there.has(path))
    .map(([name, path]) =>
      finding(
        "model_file_missing",
        "warning",
        name,
        `mlops.yml says that its model.yml is ${path}, which is not there`,
      ),
    );
}

function conflict(name: string, message: string): Finding {
  return finding("model_name_conflict", "error", name, message);
}

function finding(code: FindingCode, severity: Finding["severity"], subject: string, message: string): Finding {
  return { code, severity, subject, message, measured: null, expected: null };
}
