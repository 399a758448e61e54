import { join } from "node:path";
import type { ComparedPath, ComparedSubject } from "../../evaluation/compare-option.ts";
import type { ComparedModel } from "../../evaluation/compared-answers.ts";
import type { Predictions } from "../../evaluation/predictions.ts";
import type { FileDigest } from "../../kit/outcome.ts";
import { UserError } from "../../kit/user-error.ts";
import type { ModelManifest } from "../../onnx/manifest.ts";

// Models beside the one that is judged: the version in production, the base branch's.

/** Where one of them is. */
export type ComparedSource = ComparedPath & ({ kind: "predictions"; file: string } | ComparedFolder);

/** A model with its own features, which is run on the same test rows. */
interface ComparedFolder {
  kind: "model";
  /** Absolute, with model.json. */
  folder: string;
  manifest: ModelManifest;
}

export type ComparedModels = Partial<Record<ComparedSubject, ComparedModel>>;

interface ComparedFile {
  path: string;
  /** As model.json says it; null for a file that nothing says anything of. */
  sha256: string | null;
}

/** Every file of the models compared with, absolute: all of them decide the result. */
export function comparedFiles(sources: readonly ComparedSource[]): ComparedFile[] {
  return sources.flatMap((source): ComparedFile[] => {
    if (source.kind === "predictions") return [{ path: source.file, sha256: null }];
    const { files, features } = source.manifest;
    const named = features === undefined ? files : [...files, features];
    return [
      { path: join(source.folder, "model.json"), sha256: null },
      ...named.map(({ path, sha256 }) => ({ path: join(source.folder, path), sha256 })),
    ];
  });
}

/** digests: of comparedFiles, in their order. Throws evidence_changed. */
export function requireAsListed(files: readonly ComparedFile[], digests: readonly FileDigest[]): void {
  const changed = files.findIndex(({ sha256 }, at) => sha256 !== null && sha256 !== digests[at]?.sha256);
  if (changed < 0) return;
  throw new UserError({
    code: "evidence_changed",
    message: "a file of the model to compare with is not the one that its model.json lists",
    where: digests[changed]?.path ?? files[changed].path,
    fix: "give the folder as training left it",
  });
}

/** As evaluate() takes them. */
export function asReferences({ production, base }: ComparedModels): {
  production: Predictions | null;
  base: Predictions | null;
  withheld: Partial<Record<ComparedSubject, string>>;
} {
  const predictionsOf = (model: ComparedModel | undefined): Predictions | null =>
    model !== undefined && "predictions" in model ? model.predictions : null;
  return {
    production: predictionsOf(production),
    base: predictionsOf(base),
    withheld: {
      ...(production !== undefined && "withheld" in production ? { production: production.withheld } : {}),
      ...(base !== undefined && "withheld" in base ? { base: base.withheld } : {}),
    },
  };
}
