import { canonicalJson, sha256 } from "../kit/digest.ts";

// A test set wears out: who chooses among models by its results learns its rows. So every evaluation is counted, in a folder of one
// small file each that is named by its content: two branches add files and never change one, so a merge has no conflict.

/** One evaluation of a test set. No times and no names of runs: doing the same again makes the same file. */
export interface TestUse {
  schema_version: 1;
  /** Digest of the rows' ids and labels. */
  test_set: string;
  rows: number;
  /** Name of the model. */
  model: string;
  /** Digest of model.json. */
  model_sha256: string;
  /** Digest of what is measured and asked: metrics, slices, threshold, gates. */
  policy_sha256: string;
}

/** Name and text of an entry's file. */
export function testUseFile(use: TestUse): { name: string; text: string } {
  const text = `${canonicalJson({ ...use })}\n`;
  return { name: `${sha256(text)}.json`, text };
}

/** Whether a file of a ledger is an entry, by its name. */
export function isTestUseName(name: string): boolean {
  return /^[0-9a-f]{64}\.json$/.test(name);
}
