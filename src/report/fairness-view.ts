import type { EvaluationFile, FairnessResult, MetricValue } from "../evaluation/evaluation-file.ts";

// How a model treats the groups of a column, put together from evaluation.json, which has a list of groups for each number.

export interface FairnessMeasure {
  name: FairnessResult["metric"];
  /** What it says, in plain words. */
  meaning: string;
  /** Its value where all groups are treated alike. */
  equal: 0 | 1;
  measured: MetricValue;
}

export interface FairnessGroup {
  /** null: the column is missing. */
  value: string | null;
  rows: number;
  /** Rows that it lacks to be compared; 0: it is. */
  lacking: number;
  metrics: Readonly<Record<string, MetricValue>>;
}

export interface FairnessView {
  column: string;
  measures: readonly FairnessMeasure[];
  /** What is measured of each group, in the order in which the measures need it. */
  rates: readonly string[];
  groups: readonly FairnessGroup[];
}

const meanings = {
  demographic_parity_difference: { equal: 0, meaning: "most often selected group minus least often selected one" },
  demographic_parity_ratio: {
    equal: 1,
    meaning: "least often selected group over most often selected one; the four-fifths rule asks for 0.8",
  },
  equal_opportunity_difference: { equal: 0, meaning: "how much more often the positives of one group are found" },
  equalized_odds_difference: { equal: 0, meaning: "the larger of the differences of hits and of false alarms" },
  calibration_difference: { equal: 0, meaning: "how much more the chances of one group are overstated" },
} as const satisfies Record<FairnessResult["metric"], { equal: 0 | 1; meaning: string }>;

export function fairnessByColumn({ fairness }: Pick<EvaluationFile, "fairness">): FairnessView[] {
  const columns = [...new Set(fairness.map(({ column }) => column))];
  return columns.map((column) => {
    const results = fairness.filter((each) => each.column === column);
    const groups = mergedGroups(results);
    return {
      column,
      measures: results.map(({ metric, column: _column, groups: _groups, ...measured }) => ({
        name: metric,
        ...meanings[metric],
        measured,
      })),
      rates: [...new Set(groups.flatMap(({ metrics }) => Object.keys(metrics)))],
      groups,
    };
  });
}

/** Each group once, with what the measures know of it. */
function mergedGroups(results: readonly FairnessResult[]): FairnessGroup[] {
  const merged = new Map<string | null, FairnessGroup>();
  for (const { value, rows, rows_lacking: lacking = 0, metrics } of results.flatMap(({ groups }) => groups)) {
    merged.set(value, { value, rows, lacking, metrics: { ...merged.get(value)?.metrics, ...metrics } });
  }
  return [...merged.values()];
}
