import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Inputs } from "../../../src/actions/train/io.ts";
import { literal, openDatabase } from "../../../src/data/duckdb.ts";
import type { StepContext, StepOutcome } from "../../../src/kit/step.ts";
import { TrainingFile } from "../../../src/training/training-file.ts";
import { trainStep } from "../../../src/wiring/train.ts";
import { scratchFolder } from "../scratch.ts";
import { aContext, aSpec } from "./context.ts";
import { aSnapshot } from "./snapshot.ts";

type Spec = Parameters<typeof aSpec>[0];

/** A context whose run folder has a snapshot of the rows of `select`; every fifth row is a test row. */
export async function aTrainingContext(select: string, spec: Spec = {}): Promise<StepContext> {
  const context = await aContext(await scratchFolder(), aSpec(spec));
  await mkdir(dirname(context.folder.snapshot), { recursive: true });
  await copyFile(await aSnapshot(select), context.folder.snapshot);
  return context;
}

/** Runs the train step as its edge does. */
export function train(context: StepContext, inputs: Record<string, string> = {}): Promise<StepOutcome> {
  return trainStep(context, Inputs.parse(inputs));
}

/** training.json of the run folder. */
export async function trainingOf(context: StepContext): Promise<TrainingFile> {
  return TrainingFile.parse(JSON.parse(await readFile(context.folder.training, "utf8")));
}

/** Bytes of model.onnx of the run folder. */
export function graphOf(context: StepContext): Promise<Buffer> {
  return readFile(join(context.folder.model, "model.onnx"));
}

/** A context of two sources, people and towns, that a features.sql joins; `writeTowns` makes the second one. */
export async function aJoinedContext(): Promise<StepContext> {
  const source = [
    { name: "people", path: "people.csv" },
    { name: "towns", path: "towns.csv" },
  ];
  const data = { source, label: "income", positive: ">50K", features: "features.sql" };
  const context = await aTrainingContext(
    `select (20 + i % 40)::integer as age, i % 3 as town, case when (i % 40) + (i % 3) * 9 + (i * 7919 % 13) > 30
     then '>50K' else '<=50K' end as income from range(200) as r(i)`,
    { data },
  );
  await writeFile(
    join(context.model.folder, "features.sql"),
    "select row_id, age, rent from people left join towns using (town)",
  );
  await writeTowns(context, "town * 10");
  return context;
}

/** Writes towns.parquet as collect does, with an SQL expression of `town` for the rent. */
export async function writeTowns(context: StepContext, rent: string): Promise<void> {
  const path = join(dirname(context.folder.snapshot), "towns.parquet");
  const database = await openDatabase();
  try {
    await database.run(
      `copy (select town, (${rent})::double as rent from range(3) as r(town)) to ${literal(path)} (format parquet)`,
    );
  } finally {
    database.close();
  }
}
