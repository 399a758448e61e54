import { existsSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import { refusals } from "../src/approval/refusal.ts";
import { frontMatterSchema } from "../src/cards/front-matter.ts";
import { cardTemplate } from "../src/cards/template.ts";
import { errorCodes, findingCodes, reasonCodes } from "../src/kit/codes.ts";
import { jsonSchemas } from "../src/spec/json-schema.ts";
import { type ActionFile, type ActionIo, actionReadme, actionYml } from "./action-files.ts";
import { chartSpecs } from "./chart-specs.ts";
import { permissionsPage } from "./permissions-page.ts";

const titles: Readonly<Record<string, { title: string; icon: string }>> = {
  setup: { title: "mlops: set up", icon: "download" },
  plan: { title: "mlops: plan", icon: "map" },
  "collect-data": { title: "mlops: collect data", icon: "database" },
  "validate-data": { title: "mlops: validate data", icon: "check-square" },
  train: { title: "mlops: train", icon: "cpu" },
  evaluate: { title: "mlops: evaluate", icon: "bar-chart-2" },
  "model-card": { title: "mlops: model card", icon: "file-text" },
  report: { title: "mlops: report", icon: "book-open" },
  approve: { title: "mlops: approve", icon: "check-circle" },
};

const IoModule = z.object({
  description: z.string(),
  Inputs: z.instanceof(z.ZodObject),
  Outputs: z.instanceof(z.ZodObject),
});

/** Path from the project's root → text, for every generated file. */
export async function generatedFiles(project: string): Promise<Map<string, string>> {
  const files = new Map<string, string>([["docs/reason-codes.md", reasonCodesPage()]]);
  files.set("docs/permissions.md", permissionsPage());
  for (const [path, text] of Object.entries(jsonSchemas())) files.set(path, text);
  files.set("src/report/chart-specs.json", chartSpecs());
  files.set("model-cards/model-card.md", cardTemplate);
  files.set("model-cards/front-matter.schema.json", frontMatterSchema());
  const rooms = readdirSync(join(project, "src", "actions")).filter((name) =>
    existsSync(join(project, "src", "actions", name, "io.ts")),
  );
  const ios = new Map<string, ActionIo>();
  for (const name of rooms)
    ios.set(name, IoModule.parse(await import(pathToFileURL(join(project, "src", "actions", name, "io.ts")).href)));
  for (const [name, io] of ios) {
    if (name === "pipeline" || name === "umbrella") continue;
    const words = titles[name];
    if (words === undefined) throw new Error(`scripts/generated-files.ts has no title for ${name}`);
    const main = `../../dist/${name}/index.js`;
    const action: ActionFile = { name, io, main, ...words };
    files.set(`actions/${name}/action.yml`, actionYml(action));
    files.set(`actions/${name}/README.md`, actionReadme(action));
  }
  files.set("action.yml", umbrella(ios));
  return files;
}

/** Files under actions/ that nothing generates any more: an action that was renamed or removed would live on there. */
export function orphanedFiles(project: string, generated: ReadonlyMap<string, string>): string[] {
  return readdirSync(join(project, "actions"), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(project, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !generated.has(path));
}

/** The action at the root takes every action's inputs and gives every action's outputs. */
function umbrella(ios: ReadonlyMap<string, ActionIo>): string {
  const names = [...ios.keys()].filter((name) => name !== "umbrella");
  const Inputs: Record<string, z.ZodType> = {};
  const Outputs: Record<string, z.ZodType> = {};
  for (const io of ios.values()) {
    Object.assign(Inputs, io.Inputs.shape);
    Object.assign(Outputs, io.Outputs.shape);
  }
  return actionYml({
    name: "umbrella",
    title: "mlops-actions",
    icon: "git-merge",
    main: "dist/umbrella/index.js",
    extraInputs: [
      {
        name: "run",
        description: `What to run: \`pipeline\` or one action's name (${names.filter((name) => name !== "pipeline").join(", ")}).`,
        required: false,
        default: "pipeline",
      },
    ],
    io: {
      description:
        "Validates data, trains, evaluates behind statistical gates, and writes a model card and a report: the whole pipeline or one of its actions.",
      Inputs: optional(Inputs),
      Outputs: z.object(Outputs),
    },
  });
}

/** No input of one action is required of the umbrella: the action that runs says so itself. */
function optional(shape: Record<string, z.ZodType>): z.ZodObject {
  return z.object(
    Object.fromEntries(
      Object.entries(shape).map(([name, field]) => {
        const description = field.description ?? "";
        return [name, field.safeParse(undefined).success ? field : field.optional().describe(description)];
      }),
    ),
  );
}

function reasonCodesPage(): string {
  const table = (codes: Readonly<Record<string, { meaning: string; action: string }>>) =>
    [
      "| code | what it means | what to do |",
      "|---|---|---|",
      ...Object.keys(codes)
        .sort()
        .map((code) => `| \`${code}\` | ${cell(codes[code]?.meaning)} | ${cell(codes[code]?.action)} |`),
    ].join("\n");
  return `<!-- Generated by \`npm run generate\` from src/kit/codes.ts; do not edit. -->
# Reason codes

Everything that a run can say, for people who look up a word from a report, a job summary or \`--json\`.

## Reason codes of outcomes

Why a step's verdict is \`pass\`, \`fail\` or \`inconclusive\`.

${table(reasonCodes)}

## Findings

One observation about data, model or evaluation each. An \`error\` fails the step, a \`warning\` wants a look, a \`note\` is good to know.

${table(findingCodes)}

## Approvals that do not count

Why a comment or a review is not counted, as the reply and the check \`mlops / approval\` say it; words in braces are filled in.

${table(approvalRefusals())}

## Errors

A mistake that a person repairs; nothing was decided and nothing was written. The command line ends with exit code 2.

${table(errorCodes)}
`;
}

function approvalRefusals(): Record<string, { meaning: string; action: string }> {
  return Object.fromEntries(
    Object.entries(refusals).map(([code, { because, action }]) => {
      return [code, { meaning: `${because.charAt(0).toUpperCase()}${because.slice(1)}.`, action }];
    }),
  );
}

function cell(text: string | undefined): string {
  return (text ?? "").replaceAll("|", "\\|");
}
