import type { ProfileFile } from "../data/profile-file.ts";

type Column = Pick<ProfileFile["columns"][number], "kind" | "type">;

/** A column's type in the words of model.yml; the data engine's own word only for what model.yml has none for. */
export function typeWord({ kind, type }: Column): string {
  switch (kind) {
    case "number":
      return /INT/.test(type) ? "integer" : "number";
    case "text":
    case "boolean":
      return kind;
    case "time":
      return type === "DATE" ? "date" : "timestamp";
    case "other":
      return type.toLowerCase();
  }
}
