import { grouped } from "../kit/counted.ts";
import { nearest } from "../kit/nearest.ts";
import type { Finding } from "../kit/outcome.ts";
import type { EvaluationFile } from "./evaluation-file.ts";
import { heavyTails } from "./heavy-tails.ts";
import type { Predictions } from "./predictions.ts";
import { unansweredRows, unansweredText } from "./unanswered.ts";

// What the answers themselves show, whatever the metrics say: rows without a number, one class, a model that tells nothing apart.

export interface AnswersToLookAt {
  predictions: Predictions;
  /** Column of the label. */
  label: string;
  /** Those without a number come first, with their row numbers. */
  worst: EvaluationFile["worst_errors"];
}

/** Findings about labels and answers, worst first. */
export function answerFindings(asked: AnswersToLookAt): Finding[] {
  const { predictions, label } = asked;
  const rows = predictions.labels.length;
  const unanswered = missingAnswers(asked);
  if (rows === 0) return unanswered;
  if (rows === 1) return [...unanswered, oneRow(predictions)];
  const equal = equalScores(predictions);
  // Of a row without an answer nobody knows what was predicted; a constant score says itself that it is one class.
  const met = unanswered.length > 0 || equal.length > 0 ? [] : neverMet(predictions, label);
  const tails = unanswered.length > 0 ? [] : heavyTails(predictions);
  return [...unanswered, ...oneClass(predictions, label), ...equal, ...met, ...tails];
}

const shownRows = 5;

function missingAnswers({ predictions, worst }: AnswersToLookAt): Finding[] {
  const places = unansweredRows(predictions);
  if (places.length === 0) return [];
  const total = predictions.labels.length;
  const rows = worst
    .filter(({ loss }) => loss === null)
    .slice(0, Math.min(shownRows, places.length))
    .map(({ row }) => row);
  const some = places.length > rows.length ? "such as " : "";
  const named = rows.length === 0 ? "" : `, ${some}${rows.length === 1 ? "row" : "rows"} ${rows.join(", ")}`;
  return [
    {
      code: "prediction_missing",
      severity: "error",
      subject: "model",
      message: `${unansweredText(predictions, places, total)}${named}: no metric has a value; see what the model gets there, and impute missing values before it or inside it`,
      measured: { rows: places.length, share: places.length / total, row_numbers: rows },
      expected: 0,
    },
  ];
}

function oneRow({ task }: Predictions): Finding {
  const fix = task === "regression" ? "collect more test rows" : "collect more test rows, some of every class";
  return {
    code: "test_one_row",
    severity: "warning",
    subject: "test",
    message: `there is one test row, which shows nothing of other rows; ${fix}, or enlarge the test part`,
    measured: { rows: 1 },
    expected: 2,
  };
}

/** Test rows of one class define no ranking and no recall of the other. */
function oneClass(predictions: Predictions, label: string): Finding[] {
  const only = onlyLabel(predictions);
  if (only === null) return [];
  const rows = predictions.labels.length;
  return [
    {
      code: "label_one_class",
      severity: "warning",
      subject: label,
      message: `every one of the ${grouped(rows)} test rows has the label ${only}: nothing shows whether the model tells it from another class; collect test rows of another class, or split the data in another way`,
      measured: { rows, classes: 1 },
      expected: 2,
    },
  ];
}

/** The label that all rows of a classification have, quoted; null where they have several, or one that the model does not know. */
export function onlyLabel(predictions: Predictions): string | null {
  if (predictions.task === "regression" || predictions.labels.length === 0) return null;
  const [first] = predictions.labels;
  return first < 0 || predictions.labels.some((each) => each !== first) ? null : quote(predictions.classes[first]);
}

/** A model that says the same of every row. */
function equalScores(predictions: Predictions): Finding[] {
  if (predictions.task !== "binary-classification" || predictions.scores === null) return [];
  const [first] = predictions.scores;
  if (predictions.scores.some((score) => score !== first)) return [];
  const rows = predictions.scores.length;
  return [
    {
      code: "scores_constant",
      severity: "warning",
      subject: "model",
      message: `every one of the ${grouped(rows)} test rows has the score ${Number(first.toPrecision(6))}: the model tells no row from another; see whether its features arrive, and whether they say anything about the label`,
      measured: { rows, score: first },
      expected: null,
    },
  ];
}

interface ClassRows {
  name: string;
  labelled: number;
  predicted: number;
}

/** Classes that are a label and never predicted, and classes that are predicted and never a label. */
function neverMet(predictions: Predictions, label: string): Finding[] {
  const classes = countClasses(predictions);
  const total = predictions.labels.length;
  const missed = classes.filter(({ labelled, predicted }) => labelled > 0 && predicted === 0);
  const foreign = classes.filter(({ labelled, predicted }) => labelled === 0 && predicted > 0);
  const labels = classes.filter(({ labelled }) => labelled > 0).map(({ name }) => name);
  return [
    ...(missed.length === 0
      ? []
      : [neverPredicted(missed, { label, total, isBinary: predictions.task === "binary-classification" })]),
    ...(foreign.length === 0 ? [] : [neverLabel(foreign, labels, { label, total })]),
  ];
}

function neverPredicted(
  classes: readonly ClassRows[],
  { label, total, isBinary }: { label: string; total: number; isBinary: boolean },
): Finding {
  const met = classes.map(({ name, labelled }) => ({ value: name, rows: labelled }));
  const [is, its, it] = met.length === 1 ? ["is", "its", "it"] : ["are", "their", "them"];
  return {
    code: "label_never_predicted",
    severity: "warning",
    subject: label,
    message: `${listOf(met, total)} ${is} never predicted: ${its} recall is 0; look at ${isBinary ? "the threshold" : `how predictions spell ${it}`}, and at how many training rows have ${it}`,
    measured: { labels: met.slice(0, shownClasses) },
    expected: null,
  };
}

function neverLabel(
  classes: readonly ClassRows[],
  labels: readonly string[],
  { label, total }: { label: string; total: number },
): Finding {
  const met = classes.map(({ name, predicted }) => ({ value: name, rows: predicted }));
  const [is, those] = classes.length === 1 ? ["is", "that class"] : ["are", "those classes"];
  const [{ value }] = met;
  const meant = value.length < fewestLetters ? sameLetters(value, labels) : nearest(value, labels);
  const hint = meant === null ? "" : ` (is ${quote(value)} the label ${quote(meant)}?)`;
  return {
    code: "prediction_never_label",
    severity: "warning",
    subject: label,
    message: `${listOf(met, total)} ${is} predicted and no row's label, so that these rows count as wrong; spell labels and predictions alike${hint}, or collect test rows of ${those}`,
    measured: { labels: met.slice(0, shownClasses) },
    expected: null,
  };
}

/** Classes with the rows that have them as label and as prediction; labels that the model does not know are none of them. */
function countClasses(predictions: Predictions): ClassRows[] {
  if (predictions.task === "regression") return [];
  const { classes, labels, predicted } = predictions;
  const [labelled, answered] = [labels, predicted].map((codes: ArrayLike<number>) => {
    const counts = new Uint32Array(classes.length);
    for (let row = 0; row < codes.length; row += 1) {
      if (codes[row] >= 0) counts[codes[row]] += 1;
    }
    return counts;
  });
  return classes.map((name, place) => ({ name, labelled: labelled[place], predicted: answered[place] }));
}

const shownClasses = 5;
/** Shorter names are all alike. */
const fewestLetters = 5;

function sameLetters(name: string, labels: readonly string[]): string | null {
  const plain = (text: string): string => text.trim().toLowerCase();
  return labels.find((label) => plain(label) === plain(name)) ?? null;
}

/** `"a" (3 of 200 rows), "b" (1 of 200 rows)`. */
function listOf(classes: readonly { value: string; rows: number }[], total: number): string {
  const more = classes.length > shownClasses ? ` and ${classes.length - shownClasses} more` : "";
  const shown = classes
    .slice(0, shownClasses)
    .map(({ value, rows }) => `${quote(value)} (${grouped(rows)} of ${grouped(total)} rows)`);
  return shown.join(", ") + more;
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, 40));
}
