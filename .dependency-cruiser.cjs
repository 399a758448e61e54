// The house's import rules (docs/architecture.md). TypeScript 7 has no API that dependency-cruiser can load, so it parses
// with swc; scripts/check-imports.ts makes sure that it did see the modules and that a seeded violation is found.
const pure = "^src/(stats|evaluation|approval|drift|registry|plan)/";
const engines = "^src/(data|onnx|training|report|cards|scoring|git)/";
// What a run.ts may call of an engine's room directly: values in, values out, no file and no native module.
const pureInEngines = [
  "^src/data/(roles|snapshot-files)\\.ts$",
  "^src/training/train-parameters\\.ts$",
  "^src/cards/render-card\\.ts$",
  "^src/report/(headline|html|markdown|report-model)\\.ts$",
];

module.exports = {
  forbidden: [
    {
      name: "pure-rooms-do-no-io",
      comment:
        "stats, evaluation, registry, approval, drift and plan take rows, texts, now and rng as arguments and import no I/O.",
      severity: "error",
      from: { path: pure },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "pure-rooms-import-pure-rooms",
      comment:
        "A pure room imports pure rooms, the error and outcome types of the kit, its digests of texts and the escaping of Markdown, and libraries of mathematics and parsing.",
      severity: "error",
      from: { path: pure },
      to: {
        pathNot: [
          pure,
          "^src/kit/(user-error|plain-text|codes|counted|outcome|nearest|digest)\\.ts$",
          "^src/report/escape-markdown\\.ts$",
          "node_modules/(zod|simple-statistics|@stdlib|fastest-levenshtein|mdast-util-from-markdown|pure-rand)/",
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
      to: { path: "node_modules/@actions/", pathNot: "node_modules/@actions/(github|expressions)/" },
    },
    {
      name: "only-the-rehearsal-evaluates-expressions",
      comment: "The language of workflow files is the workflow runner's alone.",
      severity: "error",
      from: { pathNot: "^src/rehearsal/workflows/" },
      to: { path: "node_modules/@actions/expressions/" },
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
      name: "work-calls-no-engine",
      comment:
        "run.ts knows the types of an engine and the pure files that are named above; what reads or computes is a port.",
      severity: "error",
      from: { path: "^src/actions/[^/]+/run\\.ts$" },
      to: {
        path: engines,
        pathNot: pureInEngines,
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "work-opens-no-file",
      comment: "run.ts reads and writes through its ports and the kit; of Node it needs the names of files only.",
      severity: "error",
      from: { path: "^src/actions/[^/]+/run\\.ts$" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?(path|url)$" },
    },
    {
      name: "inputs-are-declared",
      comment: "io.ts is read by generators, help texts and edges: it declares, with zod and the kit's shared fields.",
      severity: "error",
      from: { path: "^src/actions/[^/]+/io\\.ts$" },
      to: { pathNot: ["^src/kit/(io|step-inputs)\\.ts$", "node_modules/zod/"] },
    },
    {
      name: "nothing-below-knows-its-caller",
      comment:
        "Engines, pure rooms and the spec serve actions and the command line, and know neither; nor does the wiring know the latter.",
      severity: "error",
      from: {
        path: "^src/(data|onnx|training|report|cards|scoring|stats|evaluation|approval|drift|registry|plan|git|spec)/",
      },
      to: { path: "^src/(actions|cli|wiring)/" },
    },
    {
      name: "the-wiring-knows-no-command",
      comment: "src/wiring is called by actions and by the command line alike.",
      severity: "error",
      from: { path: "^src/wiring/" },
      to: { path: "^src/cli/" },
    },
    {
      name: "the-rehearsal-knows-no-action",
      comment: "The embedded GitHub is what actions are tried against: it shares no code with them but the kit.",
      severity: "error",
      from: { path: "^src/rehearsal/" },
      to: { path: "^src/", pathNot: "^src/(rehearsal|kit)/" },
    },
    {
      name: "actions-know-no-rehearsal",
      comment: "Whatever passes in a rehearsal goes over HTTP, as on github.com; only the command line starts one.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(rehearsal|cli)/" },
      to: { path: "^src/rehearsal/" },
    },
    {
      name: "every-import-is-found",
      comment: "An import that cannot be resolved is matched by no other rule.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
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
