import * as z from "zod";

// model/model.json: the model's files with their digests and its signature (design: model). Its digest is the model digest.

const SignatureInput = z.strictObject({
  name: z.string().describe("A column after features.sql; one tensor [rows, 1] for each."),
  type: z.enum(["float32", "string", "int64", "float64", "bool"]),
});

export const Signature = z.strictObject({
  inputs: z.array(SignatureInput),
  outputs: z.array(
    z.strictObject({
      name: z.string(),
      role: z.enum(["label", "probabilities", "prediction", "other"]),
      type: z.string(),
    }),
  ),
  classes: z.array(z.string()).optional().describe("Classes in the order of the probabilities' columns, as texts."),
  positive: z.string().optional(),
});
export type Signature = z.infer<typeof Signature>;

export const ModelManifest = z.strictObject({
  schema_version: z.literal(1),
  format: z.enum(["onnx", "opaque"]),
  task: z.string(),
  files: z.array(
    z.strictObject({
      path: z.string().describe("Relative to model/."),
      sha256: z.string(),
      bytes: z.int(),
      url: z.string().optional(),
    }),
  ),
  signature: Signature.optional(),
  predict: z.string().optional(),
  features: z.strictObject({ path: z.string(), sha256: z.string(), row_wise: z.boolean() }).optional(),
});
export type ModelManifest = z.infer<typeof ModelManifest>;
