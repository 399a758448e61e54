import * as z from "zod";

export const description =
  "Makes DuckDB and onnxruntime ready in the runner's tool cache, so that the other actions start at once.";

export const Inputs = z.strictObject({
  cache: z
    .enum(["true", "restore", "false"])
    .default("true")
    .describe(
      "`restore` takes the native modules from the Actions cache and saves none, for jobs that load untrusted models; `false` does neither.",
    ),
});
export type Inputs = z.infer<typeof Inputs>;

export const Outputs = z.strictObject({
  source: z
    .enum(["checkout", "tool-cache", "actions-cache", "registry"])
    .describe("Where the native modules were found; `registry` means they were installed now."),
  folder: z.string().describe("Folder of the native modules; empty where the action's own node_modules has them."),
});
export type Outputs = z.infer<typeof Outputs>;
