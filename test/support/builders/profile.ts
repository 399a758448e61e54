import type { ProfileFile } from "../../../src/data/profile-file.ts";

type Column = ProfileFile["columns"][number];

/** A column of numbers with a bell-shaped histogram of 24 bins. */
export function aNumberColumn(name: string, fields: Partial<Column> = {}): Column {
  const counts = Array.from({ length: 24 }, (_, bin) => Math.round(3200 * Math.exp(-((bin - 8) ** 2) / 40)));
  return {
    name,
    type: "BIGINT",
    kind: "number",
    role: "feature",
    sensitive: false,
    missing: { count: 0, share: 0 },
    distinct: { count: 73, exact: true },
    numeric: {
      min: 17,
      max: 90,
      mean: 38.58,
      standard_deviation: 13.64,
      zeros: 0,
      negatives: 0,
      infinite: 0,
      quantiles: { q01: 17, q05: 19, q25: 28, q50: 37, q75: 48, q95: 63, q99: 74 },
    },
    histogram: { edges: Array.from({ length: 25 }, (_, edge) => 17 + edge * 3.04), counts },
    ...fields,
  };
}

/** A column of texts with its most frequent values. */
export function aTextColumn(name: string, values: readonly string[], fields: Partial<Column> = {}): Column {
  const weights = values.map((_, index) => 1 / (index + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    name,
    type: "VARCHAR",
    kind: "text",
    role: "feature",
    sensitive: false,
    missing: { count: 1836, share: 0.0564 },
    distinct: { count: values.length, exact: true },
    top: values.map((value, index) => ({
      value,
      count: Math.round((32561 * (weights[index] ?? 0)) / total),
      share: (weights[index] ?? 0) / total,
    })),
    ...fields,
  };
}

/** The profile of Adult, in short. */
export function aProfile(fields: Partial<ProfileFile> = {}): ProfileFile {
  return {
    schema_version: 1,
    rows: 32561,
    parts: { train: 22792, valid: 3257, test: 6512 },
    approximation: "distinct counts by HyperLogLog (about 2 %), quantiles by t-digest (about 1 %)",
    columns: [
      aNumberColumn("age"),
      aTextColumn("workclass", [
        "Private",
        "Self-emp-not-inc",
        "Local-gov",
        "State-gov",
        "Self-emp-inc",
        "Federal-gov",
        "Without-pay",
        "Never-worked",
      ]),
      aNumberColumn("fnlwgt", { role: "drop" }),
      aTextColumn("education", [
        "HS-grad",
        "Some-college",
        "Bachelors",
        "Masters",
        "Assoc-voc",
        "11th",
        "Assoc-acdm",
        "10th",
        "7th-8th",
        "Prof-school",
      ]),
      aNumberColumn("education_num"),
      aTextColumn("marital_status", ["Married-civ-spouse", "Never-married", "Divorced", "Separated", "Widowed"]),
      aTextColumn("occupation", [
        "Prof-specialty",
        "Craft-repair",
        "Exec-managerial",
        "Adm-clerical",
        "Sales",
        "Other-service",
      ]),
      aTextColumn("sex", ["Male", "Female"], { missing: { count: 0, share: 0 } }),
      aNumberColumn("capital_gain", {
        numeric: {
          min: 0,
          max: 99999,
          mean: 1077.6,
          standard_deviation: 7385.3,
          zeros: 29849,
          negatives: 0,
          infinite: 0,
          quantiles: null,
        },
        histogram: {
          edges: Array.from({ length: 25 }, (_, edge) => edge * 4166.6),
          counts: [29900, 2100, 300, 90, 20, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 159],
        },
      }),
      aNumberColumn("hours_per_week"),
      {
        name: "native_country",
        type: "VARCHAR",
        kind: "text",
        role: "feature",
        sensitive: true,
        missing: { count: 583, share: 0.0179 },
        distinct: { count: 41, exact: true },
      },
      aTextColumn("income", ["<=50K", ">50K"], { role: "label", missing: { count: 0, share: 0 } }),
    ],
    ...fields,
  };
}
