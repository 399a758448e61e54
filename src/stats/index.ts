// What `mlops-actions/stats` exports: docs/statistics.md is its manual.
export { absoluteSumBounds, type Deviations, foldedMean } from "./absolute-sum-bounds.ts";
export type { Alternative } from "./alternative.ts";
export {
  type BoundsAt,
  bcaBounds,
  bcaMeanBounds,
  bootstrapTBounds,
  type StudentizedStatistic,
  type SumStatistic,
} from "./bootstrap.ts";
export type { Bounds, Estimate } from "./bounds.ts";
export { byCluster } from "./by-cluster.ts";
export { forEachCellDraw } from "./cell-draws.ts";
export { cellMeanBounds, cellScoreBounds, type ValuedCells } from "./cell-mean-bounds.ts";
export { chiSquareSurvival } from "./chi-square-distribution.ts";
export { type ChiSquare, type ContingencyOptions, chiSquareGoodnessOfFit, chiSquareTest } from "./chi-square-test.ts";
export { clopperPearsonBounds } from "./clopper-pearson.ts";
export { type ContingencyTable, tableOf } from "./contingency-table.ts";
export type { Proportion } from "./counts.ts";
export { type CramerVonMises, cramerVonMisesTest } from "./cramer-von-mises.ts";
export { cramersV, cramersVCorrected } from "./cramers-v.ts";
export {
  type Delong,
  delong,
  type PairedDelong,
  type PairedScores,
  pairedDelong,
  type ScoredLabels,
} from "./delong.ts";
export type { Clustering } from "./design-effect.ts";
export {
  hellingerDistance,
  jensenShannonDistance,
  jensenShannonDivergence,
  kullbackLeiblerDivergence,
  populationStabilityIndex,
} from "./divergences.ts";
export { type FisherExact, type FourfoldTable, fisherExactTest } from "./fisher-exact.ts";
export { kolmogorovSurvival } from "./kolmogorov-distribution.ts";
export { type KolmogorovSmirnov, type KolmogorovSmirnovOptions, kolmogorovSmirnovTest } from "./kolmogorov-smirnov.ts";
export { type MannWhitney, type MannWhitneyOptions, mannWhitneyTest } from "./mann-whitney.ts";
export { type DiscordantRows, type McNemar, mcnemarExactTest, mcnemarTest } from "./mcnemar.ts";
export { heavyTailBounds, type Moments, meanBounds, moments } from "./mean-bounds.ts";
export { type Addend, ratioBounds, sumBounds } from "./mover.ts";
export { benjaminiHochberg, benjaminiYekutieli, holm } from "./multiple-testing.ts";
export { noncentralTSurvival } from "./noncentral-t.ts";
export type { Permutations } from "./permutation.ts";
export {
  type DiscordantShares,
  pairedMeanPower,
  pairedMeanRows,
  pairedProportionPower,
  pairedProportionRows,
  type TestPlan,
  twoMeanPower,
  twoMeanRows,
  twoProportionPower,
  twoProportionRows,
} from "./power.ts";
export { normalCdf, normalQuantile, studentQuantile } from "./quantile-functions.ts";
export { rankOrder } from "./rank-order.ts";
export {
  type CategoryBins,
  categoryBins,
  countInBins,
  countInCategories,
  type NumberBins,
  quantileBins,
} from "./reference-bins.ts";
export { type Drawing, forEachDraw } from "./resample.ts";
export { energyDistance, wassersteinDistance } from "./sample-distances.ts";
export { countBelow, forEachDistinct, type SortedSample, sampleQuantile, sortSample } from "./sorted-sample.ts";
export type { Column, NumberColumn, Table, TextColumn } from "./table.ts";
export { pooledZTest, type TwoProportion, twoProportionBounds, twoProportionTest } from "./two-proportion.ts";
export { wilsonBounds } from "./wilson.ts";
