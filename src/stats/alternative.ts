/** What a test looks for: any difference, or that the first sample is the smaller or the greater one. */
export type Alternative = "two-sided" | "less" | "greater";
