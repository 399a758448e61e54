import * as z from "zod";

export const description =
  "Makes DuckDB and onnxruntime ready in the runner's tool cache, so that the other actions start at once.";

export const Inputs = z.strictObject({
  cache: z
    .stringbool()
    .default(true)
    .describe("`false` neither restores nor saves the native modules with the Actions cache."),
});
export type Inputs = z.infer<typeof Inputs>;

export const Outputs = z.strictObject({
  source: z
    .enum(["checkout", "tool-cache", "actions-cache", "registry"])
    .describe("Where the native modules were found; `registry` means they were installed now."),
  folder: z.string().describe("Folder of the native modules; empty where the action's own node_modules has them."),
});
export type Outputs = z.infer<typeof Outputs>;
