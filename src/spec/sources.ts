import { allOf, anyOf, type DocumentPath, type Mistake, shown } from "./mistake.ts";
import type { ModelSpec, Source, SourceKind } from "./model-spec.ts";
import { sourceKinds } from "./model-spec.ts";

/** One source of rows, with its kind and its table name in features.sql. */
export interface NamedSource {
  name: string;
  kind: SourceKind;
  /** The path, glob, address or command. */
  value: string;
  /** SQL of postgres and sqlite. */
  query: string | null;
  /** Where it stands in model.yml. */
  path: DocumentPath;
}

type Sources = ModelSpec["data"]["source"];

/** The sources of a spec in their order; the only one, when it has no name, is called `data`. */
export function namedSources(sources: Sources, path: DocumentPath = ["data", "source"]): NamedSource[] {
  return placed(sources, path).map(({ source, path: place }) => ({ ...named(source), path: place }));
}

function named(source: Source): Omit<NamedSource, "path"> {
  if (typeof source === "string") return { name: "data", ...addressed(source), query: null };
  const kind = sourceKinds.find((each) => source[each] !== undefined) ?? "path";
  return { name: source.name ?? "data", kind, value: source[kind] ?? "", query: source.query ?? null };
}

/** A source written as one text says its kind by its scheme. */
function addressed(text: string): { kind: SourceKind; value: string } {
  const scheme = /^(https|http|s3|gs|postgres|postgresql|sqlite):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return { kind: "path", value: text };
  if (scheme === "http" || scheme === "https")
    return { kind: isGoogleSheet(text) ? "google_sheet" : "https", value: text };
  if (scheme === "s3" || scheme === "gs") return { kind: "s3", value: text };
  return { kind: scheme === "sqlite" ? "sqlite" : "postgres", value: text };
}

function isGoogleSheet(address: string): boolean {
  return /^https?:\/\/docs\.google\.com\/spreadsheets\//i.test(address);
}

function placed(sources: Sources, path: DocumentPath): { source: Source; path: DocumentPath }[] {
  if (!Array.isArray(sources)) return [{ source: sources, path }];
  return sources.map((source, index) => ({ source, path: [...path, index] }));
}

/** Sources that say from where not once, that lack a name they need, or share one. */
export function checkSources(sources: Sources, path: DocumentPath): Mistake[] {
  const all = placed(sources, path);
  return [
    ...all.flatMap(({ source, path: place }) => checkKind(source, place)),
    ...(all.length > 1 ? [...unnamed(all), ...sameNames(all)] : []),
  ];
}

function checkKind(source: Source, path: DocumentPath): Mistake[] {
  if (typeof source === "string") return [];
  const given = sourceKinds.filter((kind) => source[kind] !== undefined);
  if (given.length === 0)
    return [mistake("spec_missing_key", path, "the source does not say from where", `add ${anyOf(sourceKinds)}`)];
  if (given.length > 1)
    return [mistake("spec_conflict", path, `the source says ${allOf(given)}`, "keep one; give two sources as a list")];
  const isDatabase = given[0] === "postgres" || given[0] === "sqlite";
  if (isDatabase && source.query === undefined)
    return [
      mistake(
        "spec_missing_key",
        path,
        `query is missing: ${given[0]} needs the SQL of the rows`,
        "add query: select …",
      ),
    ];
  if (!isDatabase && source.query !== undefined)
    return [
      mistake(
        "spec_conflict",
        [...path, "query"],
        `query does not go together with ${given[0]}`,
        "remove it; make features in features.sql",
      ),
    ];
  return [];
}

function unnamed(all: readonly { source: Source; path: DocumentPath }[]): Mistake[] {
  return all.flatMap(({ source, path }) => {
    if (typeof source !== "string" && source.name !== undefined) return [];
    const fix = typeof source === "string" ? `write { name: people, path: ${shown(source)} }` : "add name: people";
    return [
      mistake("spec_missing_key", path, "the source has no name; several sources need one each for features.sql", fix),
    ];
  });
}

/** SQL does not tell `People` from `people`. */
function sameNames(all: readonly { source: Source; path: DocumentPath }[]): Mistake[] {
  const names = all.map(({ source }) => (typeof source === "string" ? undefined : source.name?.toLowerCase()));
  return all.flatMap(({ path }, index) => {
    const name = names[index];
    if (name === undefined || names.indexOf(name) === index) return [];
    return [
      mistake("spec_duplicate", [...path, "name"], `two sources are named ${shown(name)}`, "give each its own name"),
    ];
  });
}

function mistake(code: Mistake["code"], path: DocumentPath, message: string, fix: string): Mistake {
  return { code, path, message, fix };
}
