import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import type { TestSet, TestSetUse } from "../evaluation/test-uses.ts";
import { writeFileAtomically } from "../kit/atomic-write.ts";
import { canonicalJson, type Json, sha256 } from "../kit/digest.ts";
import { sha256OfFile } from "../kit/file-digest.ts";
import { hasCode } from "../kit/has-code.ts";
import type { StepContext, StepOutcome } from "../kit/step.ts";
import { isTestUseName, testUseFile } from "./test-use-file.ts";

// The ledger of evaluations: always in the run folder, and where model.yml names one in a folder that people commit.

/** Enters this evaluation into the run folder's ledger and counts all that are known of the test set. */
export async function useTestSet(
  context: StepContext,
  { testSet, policy }: { testSet: TestSet; policy: Json },
): Promise<{ use: TestSetUse; entry: string }> {
  const { folder, model } = context;
  const { digest, rows } = testSet;
  const { name, text } = testUseFile({
    schema_version: 1,
    test_set: digest,
    rows,
    model: model.spec.name,
    model_sha256: await sha256OfFile(folder.modelManifest),
    policy_sha256: sha256(canonicalJson(policy)),
  });
  const own = join(folder.testUses, digest);
  await writeFileAtomically(join(own, name), text);
  const committed = committedLedger(context);
  const known = new Set([
    ...(await entriesIn(own)),
    ...(committed === null ? [] : await entriesIn(join(committed, digest))),
  ]);
  const limit = model.spec.evaluate.test_uses?.limit ?? null;
  return { use: { digest, rows, evaluations: known.size, limit }, entry: join(own, name) };
}

/** Copies this evaluation's entry into the committed ledger, also where nothing was done because nothing had changed. */
export async function recordUse(context: StepContext, { outcome }: StepOutcome): Promise<void> {
  const committed = committedLedger(context);
  const uses = relative(context.workingDirectory, context.folder.testUses).split(sep).join("/");
  const entry = outcome.outputs.find(({ path }) => path.startsWith(`${uses}/`));
  if (committed === null || entry === undefined) throw new Error("there is no entry, or no ledger to record it in");
  const from = join(context.workingDirectory, entry.path);
  const to = join(committed, basename(dirname(from)), basename(from));
  await writeFileAtomically(to, await readFile(from));
  context.log.info(`recorded in ${relative(context.workingDirectory, to)}: commit it`);
}

function committedLedger({ model }: StepContext): string | null {
  const ledger = model.spec.evaluate.test_uses?.ledger;
  return ledger === undefined ? null : join(model.folder, ledger);
}

async function entriesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter(isTestUseName);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}
