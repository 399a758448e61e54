// The house's import rules (docs/architecture.md). TypeScript 7 has no API that dependency-cruiser can load, so it parses
// with swc; scripts/check-imports.ts makes sure that it did see the modules and that a seeded violation is found.
const pure = "^src/(stats|evaluation|approval|drift|registry)/";

module.exports = {
  forbidden: [
    {
      name: "pure-rooms-do-no-io",
      comment:
        "stats, evaluation, registry, approval and drift take rows, texts, now and rng as arguments and import no I/O.",
      severity: "error",
      from: { path: pure },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "pure-rooms-import-pure-rooms",
      comment:
        "A pure room imports pure rooms, the error and outcome types of the kit, and libraries of mathematics and parsing.",
      severity: "error",
      from: { path: pure },
      to: {
        pathNot: [
          pure,
          "^src/kit/(user-error|plain-text|codes|outcome|digest|nearest)\\.ts$",
          "node_modules/(zod|simple-statistics|@stdlib|fastest-levenshtein|pure-rand)/",
        ],
      },
    },
    {
      name: "only-github-speaks-octokit",
      comment: "src/github is the only room that speaks to GitHub.",
      severity: "error",
      from: { pathNot: "^src/github/" },
      to: { path: "node_modules/(@octokit|@actions/github)/" },
    },
    {
      name: "only-the-edge-knows-the-runner",
      comment: "@actions/core and its siblings are for src/kit and an action's main.ts.",
      severity: "error",
      from: { pathNot: ["^src/kit/", "^src/actions/[^/]+/main\\.ts$"] },
      to: { path: "node_modules/@actions/(core|cache|artifact|tool-cache|exec)/" },
    },
    {
      name: "rooms-meet-through-files",
      comment:
        "One action's room does not import another's: they meet through files and outcomes. The umbrella starts their edges.",
      severity: "error",
      from: { path: "^src/actions/([^/]+)/", pathNot: "^src/actions/umbrella/main\\.ts$" },
      to: { path: "^src/actions/", pathNot: "^src/actions/$1/" },
    },
    {
      name: "work-goes-over-ports",
      comment: "run.ts reaches engines through its ports: src/wiring binds them.",
      severity: "error",
      from: { path: "^src/actions/[^/]+/run\\.ts$" },
      to: { path: ["^src/(github|wiring|cli)/", "node_modules/(@duckdb|onnxruntime-node|vega|vega-lite)/"] },
    },
    {
      name: "native-modules-are-opened-by-the-kit",
      comment: "ncc hoists imports of external modules; only a type may be imported from DuckDB and onnxruntime.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "node_modules/(@duckdb|onnxruntime-node)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "nothing-imports-an-edge",
      comment: "main.ts is where a process starts; only the umbrella, which is every action, starts the others.",
      severity: "error",
      from: { pathNot: "^src/actions/umbrella/main\\.ts$" },
      to: { path: "^src/(actions/[^/]+|cli)/main\\.ts$" },
    },
    {
      name: "the-kit-is-below",
      comment: "The kit serves every room and knows none but the spec.",
      severity: "error",
      from: { path: "^src/kit/" },
      to: { path: "^src/", pathNot: ["^src/kit/", "^src/spec/"] },
    },
    {
      name: "no-circles",
      comment: "A circle of files is one file.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
