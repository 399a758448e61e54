// The label of the row before in time, as a forecast one step ahead.

interface Ordered {
  times: Float64Array | null;
}

interface Steps {
  /** Rows of history, then of test; each as its place in that sequence. */
  order: number[];
  /** Places from here on are test rows. */
  historyRows: number;
}

/** The rows of both in time; rows of one time keep their order, history first. */
function stepsThrough(history: Ordered & { rows: number }, test: Ordered & { rows: number }): Steps {
  const order = Array.from({ length: history.rows + test.rows }, (_, place) => place);
  const { times: before } = history;
  const { times: after } = test;
  if (before !== null && after !== null) {
    const timeOf = (place: number): number =>
      (place < history.rows ? before[place] : after[place - history.rows]) ?? Number.NaN;
    order.sort((a, b) => timeOf(a) - timeOf(b) || a - b);
  }
  return { order, historyRows: history.rows };
}

interface Labelled<Labels> extends Ordered {
  labels: Labels;
}

export interface LastNumbers {
  history: Labelled<Float64Array>;
  test: Labelled<Float64Array>;
  /** Said while no label is known yet. */
  start: number;
}

/** For each test row the number of the row before. */
export function lastNumbers({ history, test, start }: LastNumbers): Float64Array {
  const predicted = new Float64Array(test.labels.length);
  const { order, historyRows } = stepsOf(history, test);
  let last = start;
  for (const place of order) {
    const inTest = place >= historyRows;
    const label = (inTest ? test.labels[place - historyRows] : history.labels[place]) ?? Number.NaN;
    if (inTest) predicted[place - historyRows] = last;
    if (Number.isFinite(label)) last = label;
  }
  return predicted;
}

export interface LastClasses {
  /** Places of classes; −1 where none of them is. */
  history: Labelled<Int32Array>;
  test: Labelled<Int32Array>;
  /** Probabilities while no label is known yet. */
  prior: Float64Array;
}

/** For each test row the class of the row before, as probabilities: rows × classes. */
export function lastClasses({ history, test, prior }: LastClasses): { probabilities: Float64Array } {
  const classes = prior.length;
  const probabilities = new Float64Array(test.labels.length * classes);
  const { order, historyRows } = stepsOf(history, test);
  const persistence = persistenceOf(history, classes);
  const rest = (1 - persistence) / Math.max(classes - 1, 1);
  let last = -1;
  for (const place of order) {
    const inTest = place >= historyRows;
    const label = (inTest ? test.labels[place - historyRows] : history.labels[place]) ?? -1;
    if (inTest) {
      const from = (place - historyRows) * classes;
      for (let k = 0; k < classes; k += 1)
        probabilities[from + k] = last < 0 ? (prior[k] ?? 0) : k === last ? persistence : rest;
    }
    if (label >= 0) last = label;
  }
  return { probabilities };
}

/** Share of history's rows whose label is that of the row before (add-one), and just above an even chance at least. */
function persistenceOf(history: Labelled<Int32Array>, classes: number): number {
  const { order } = stepsOf(history, { labels: new Int32Array(0), times: history.times && new Float64Array(0) });
  let pairs = 0;
  let equal = 0;
  let last = -1;
  for (const place of order) {
    const label = history.labels[place] ?? -1;
    if (label < 0) continue;
    if (last >= 0) {
      pairs += 1;
      if (label === last) equal += 1;
    }
    last = label;
  }
  return Math.max((equal + 1) / (pairs + classes), (1 + 1e-6) / classes);
}

function stepsOf(history: Labelled<ArrayLike<number>>, test: Labelled<ArrayLike<number>>): Steps {
  return stepsThrough(
    { times: history.times, rows: history.labels.length },
    { times: test.times, rows: test.labels.length },
  );
}
