import * as z from "zod";

// The front matter of a model card, as the Hugging Face Hub reads it (huggingface_hub model card metadata and the
// model-index of Papers with Code). Loose: people add keys of their own.

const oneOrMore = z.union([z.string(), z.array(z.string())]);

const Result = z.looseObject({
  task: z.looseObject({ type: z.string(), name: z.string().optional() }),
  dataset: z.looseObject({
    type: z.string(),
    name: z.string(),
    config: z.string().optional(),
    split: z.string().optional(),
    revision: z.string().optional(),
    args: z.record(z.string(), z.json()).optional(),
  }),
  metrics: z.array(
    z.looseObject({
      type: z.string(),
      value: z.union([z.number(), z.string()]),
      name: z.string().optional(),
      config: z.string().optional(),
      args: z.record(z.string(), z.json()).optional(),
    }),
  ),
  source: z.looseObject({ name: z.string(), url: z.url() }).optional(),
});

export const FrontMatter = z.looseObject({
  language: oneOrMore.optional().describe("Languages of texts the model reads, as ISO 639 codes."),
  license: z.string().optional().describe("Licence identifier in lower case, or `other` with license_name."),
  license_name: z.string().optional(),
  license_link: z.string().optional(),
  library_name: z.string().optional(),
  tags: z.array(z.string()).optional(),
  datasets: oneOrMore.optional(),
  metrics: oneOrMore.optional(),
  base_model: oneOrMore.optional(),
  base_model_relation: z.enum(["adapter", "merge", "quantized", "finetune"]).optional(),
  pipeline_tag: z.string().optional(),
  "model-index": z.array(z.looseObject({ name: z.string(), results: z.array(Result) })).optional(),
});
export type FrontMatter = z.infer<typeof FrontMatter>;

/** The same as JSON Schema, for editors and other tools: model-cards/front-matter.schema.json. */
export function frontMatterSchema(): string {
  const schema = z.toJSONSchema(FrontMatter, { io: "input" });
  return `${JSON.stringify({ ...schema, title: "Front matter of a model card" }, null, 2)}\n`;
}
