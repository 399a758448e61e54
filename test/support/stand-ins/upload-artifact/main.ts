import { lstatSync } from "node:fs";
import { relative } from "node:path";
import { DefaultArtifactClient } from "@actions/artifact";
import { getInput, setFailed } from "@actions/core";
import { create } from "@actions/glob";

// What the tests of workflows use for actions/upload-artifact, which a runner offline does not have: the same toolkit, inputs
// and rules, as far as our templates use them. Started by the runner.

const excludeHiddenFiles = getInput("include-hidden-files") !== "true";
const globber = await create(getInput("path"), { matchDirectories: false, excludeHiddenFiles });
const files = (await globber.glob()).filter((path) => lstatSync(path).isFile());
if (files.length > 0) await new DefaultArtifactClient().uploadArtifact(getInput("name"), files, rootOf(files));
else if (getInput("if-no-files-found") === "error") setFailed("no files were found");

/** The least folder that holds all of them. */
function rootOf([first = "", ...others]: readonly string[]): string {
  let parts = first.split("/").slice(0, -1);
  while (others.some((path) => relative(parts.join("/"), path).startsWith(".."))) parts = parts.slice(0, -1);
  return parts.join("/");
}
