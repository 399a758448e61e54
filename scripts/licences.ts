import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), dev: z.boolean().default(false), optional: z.boolean().default(false) }),
  ),
});
const Manifest = z.object({ name: z.string(), license: z.string().default("") });

/**
 * The licences and notices of every package that a bundle may hold, equal texts once. ncc can write the like, but leaves
 * out the modules that it joins into one scope: zod, yaml and commander were missing.
 */
export function licences(project: string): string {
  const packages = new Map<string, string[]>();
  for (const [place, name] of bundledPackages(project)) {
    const text = licenceText(join(project, place));
    packages.set(text, [...(packages.get(text) ?? []), name]);
  }
  const parts = [...packages].map(([text, names]) => `${names.sort().join("\n")}\n\n${text}\n`);
  return parts.sort().join(`\n${"-".repeat(80)}\n\n`);
}

/** Folder → `name version` of all packages but those for development and those that are never bundled. */
function bundledPackages(project: string): [string, string][] {
  const { packages } = Lock.parse(JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8")));
  return Object.entries(packages).flatMap(([place, { version, dev, optional }]): [string, string][] => {
    if (place === "" || dev || optional || !existsSync(join(project, place))) return [];
    const { name } = manifest(join(project, place));
    return [[place, `${name} ${version}`]];
  });
}

function licenceText(folder: string): string {
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
  if (files.length === 0) return `License: ${manifest(folder).license}\n`;
  return files
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n").trim())
    .join("\n\n");
}

function manifest(folder: string): z.infer<typeof Manifest> {
  return Manifest.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
}
