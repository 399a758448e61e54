// One measured process of benchmarks/train.ts: fits `linear` on the training rows of adult.csv, twice. Reading is not
// counted; learning means, scales and levels, building the design matrix and solving are.
import { literal, openDatabase } from "../src/data/duckdb.ts";
import { readTable } from "../src/data/read-table.ts";
import { modelLoss } from "../src/training/describe-linear.ts";
import { fitLinear, type Target } from "../src/training/linear.ts";

const [file = ""] = process.argv.slice(2);
const params = { penalty: 1, balanced: false, minFrequency: 1, maxIterations: 1000 };
const { train, test } = await readRows();

const cold = timedFit();
const warm = timedFit();
const loss = modelLoss(cold.fit.model, { features: test.features, labels: test.codes, weights: null });
const { iterations, converged } = cold.fit;
console.log(JSON.stringify({ cold_s: cold.seconds, warm_s: warm.seconds, log_loss: loss, iterations, converged }));

function timedFit() {
  const begin = performance.now();
  const target: Target = { kind: "classes", codes: train.codes, classes: ["<=50K", ">50K"] };
  const result = fitLinear({ features: train.features, target, weights: null, params });
  return { fit: result, seconds: (performance.now() - begin) / 1000 };
}

/** The peer's split: row i is a test row where i % 5 == 4; "?" stays a level of its own. */
async function readRows() {
  const database = await openDatabase();
  const read = async (comparison: string) => {
    const where = `from rows where i % 5 ${comparison} 4 order by i`;
    const features = await readTable(database, `select * exclude (i, income) ${where}`);
    const [label] = (await readTable(database, `select income = '>50K' as y ${where}`)).columns;
    return { features, codes: Int32Array.from(label?.kind === "number" ? label.values : []) };
  };
  try {
    await database.run(
      `create table rows as select *, row_number() over () - 1 as i from read_csv(${literal(file)}, nullstr = '')`,
    );
    return { train: await read("<>"), test: await read("=") };
  } finally {
    database.close();
  }
}
