// One violation of each import rule, as files under src/: rule → path → text. A linter that does not see them sees nothing.

export const importSeeds: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "pure-rooms-do-no-io": { "stats/seed-io.ts": 'import "node:fs";' },
  // It streams files.
  "pure-rooms-import-pure-rooms": { "stats/seed-digest.ts": 'import "../kit/file-digest.ts";' },
  "only-github-speaks-octokit": { "data/seed-octokit.ts": 'import "@actions/github";' },
  "only-the-edge-knows-the-runner": { "data/seed-runner.ts": 'import "@actions/cache";' },
  "only-the-rehearsal-evaluates-expressions": { "kit/seed-expression.ts": 'import "@actions/expressions";' },
  "rooms-meet-through-files": { "actions/train/seed-room.ts": 'import "../report/io.ts";' },
  "work-goes-over-ports": { "actions/seed-wiring/run.ts": 'import "../../wiring/train.ts";' },
  "work-calls-no-engine": { "actions/seed-engine/run.ts": 'import "../../data/duckdb.ts";' },
  "work-opens-no-file": { "actions/seed-file/run.ts": 'import "node:fs";' },
  "inputs-are-declared": { "actions/seed-io/io.ts": 'import "../../spec/load.ts";' },
  "nothing-below-knows-its-caller": { "data/seed-caller.ts": 'import "../actions/train/io.ts";' },
  "the-wiring-knows-no-command": { "wiring/seed-command.ts": 'import "../cli/output.ts";' },
  "the-rehearsal-knows-no-action": { "rehearsal/seed-action.ts": 'import "../actions/train/io.ts";' },
  "actions-know-no-rehearsal": { "data/seed-rehearsal.ts": 'import "../rehearsal/git/git.ts";' },
  "every-import-is-found": { "data/seed-lost.ts": 'import "./no-such-file.ts";' },
  "native-modules-are-opened-by-the-kit": { "data/seed-native.ts": 'import "@duckdb/node-api";' },
  "nothing-imports-an-edge": { "wiring/seed-edge.ts": 'import "../actions/train/main.ts";' },
  "the-kit-is-below": { "kit/seed-above.ts": 'import "../data/roles.ts";' },
  "no-circles": {
    "kit/seed-circle.ts": 'import "./seed-round.ts";',
    "kit/seed-round.ts": 'import "./seed-circle.ts";',
  },
};
