import type { ComparedModels } from "../actions/evaluate/compared.ts";
import { type Database, identifier } from "../data/duckdb.ts";
import { labelIsKnown } from "../data/known-label.ts";
import { findTableFile, openTableFile, requireFileColumns } from "../data/table-file.ts";
import { atThreshold } from "../evaluation/operating-point.ts";
import type { Predictions } from "../evaluation/predictions.ts";
import type { PredictionsRequest } from "./evaluate-files.ts";
import { readPairedAnswers } from "./paired-answers.ts";

/** Other models' predictions of the rows of `--predictions`, from files with the same columns. */
export async function readComparedFiles(request: PredictionsRequest, ours: Predictions): Promise<ComparedModels> {
  const { compare = [], key = "row_id", label, log } = request;
  const ourKeys = async (database: Database): Promise<string> => {
    const source = await findTableFile(request.predictions, "--predictions");
    const file = await openTableFile(database, source, { texts: [key], asWritten: [label] });
    requireFileColumns(file, [{ name: key, option: "--key" }]);
    return `select ${identifier(key)} from ${file.relation} where ${labelIsKnown(file.columns, label)}`;
  };
  const found: ComparedModels = {};
  for (const { subject, file, path: shown } of compare) {
    const columns = { score: request.score, predicted: request.predicted };
    const model = await readPairedAnswers({
      subject,
      file,
      shown,
      key,
      columns,
      ours,
      ourKeys,
      ourPlace: "--predictions",
      log,
    });
    found[subject] = "predictions" in model ? { predictions: decided(model.predictions, request.threshold) } : model;
  }
  return found;
}

/** --threshold parts the scores of both models. */
function decided(predictions: Predictions, threshold: number | undefined): Predictions {
  const hasScores = predictions.task === "binary-classification" && predictions.scores !== null;
  return threshold === undefined || !hasScores ? predictions : atThreshold(predictions, threshold);
}
