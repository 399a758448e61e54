import type { YAMLError } from "yaml";
import { shown } from "./mistake.ts";

interface SyntaxMistake {
  message: string;
  fix: string;
}

/** What is wrong with the YAML at an error of the parser, in the words of a person who wrote it. */
export function syntaxMistake(error: YAMLError, source: string): SyntaxMistake {
  switch (error.code) {
    case "TAB_AS_INDENT":
      return { message: "a tab is used as indentation", fix: "indent with spaces; YAML allows no tabs there" };
    case "BLOCK_AS_IMPLICIT_KEY":
    case "MULTILINE_IMPLICIT_KEY":
      return {
        message: `${lineAt(source, error.pos[0])} holds a second ": " or is indented under a value`,
        fix: 'put quotes around a text that contains ": ", or correct the indentation',
      };
    case "MULTIPLE_DOCS":
      return { message: 'a second document starts here (after "---")', fix: "keep one model in a file" };
    case "BAD_SCALAR_START":
      return {
        message: `${shown(source[error.pos[0]])} cannot start a text`,
        fix: "put quotes around the text",
      };
    case "NON_STRING_KEY":
      return { message: "a mapping or an alias is used as a key", fix: "use a text as the key" };
    case "TAG_RESOLVE_FAILED":
      return {
        message: `the tag ${shown(source.slice(...error.pos))} is not known`,
        fix: "remove the tag, or put quotes around a text that starts with !",
      };
    case "RESOURCE_EXHAUSTION":
      return { message: "the document nests too deep to be read", fix: "no spec nests that deep; write it flatter" };
    case "BAD_INDENT":
      return { message: withoutDot(error.message), fix: "close the bracket, or correct the indentation" };
    case "MISSING_CHAR":
      return { message: `${withoutDot(error.message)} at ${lineAt(source, error.pos[0])}`, fix: missingFix(error) };
    default:
      return {
        message: `${withoutDot(error.message)} at ${lineAt(source, error.pos[0])}`,
        fix: "correct the YAML here; put quotes around a text that starts with a special character such as > or *",
      };
  }
}

function missingFix(error: YAMLError): string {
  if (error.message.includes("quote")) return "close the quotes";
  return 'write a key as "key: value" and a list item as "- item" on a line of its own';
}

function lineAt(source: string, offset: number): string {
  const start = source.lastIndexOf("\n", Math.max(0, offset - 1)) + 1;
  const end = source.indexOf("\n", start);
  return shown(source.slice(start, end === -1 ? undefined : end).trim());
}

function withoutDot(message: string): string {
  return message.replace(/\.$/, "");
}
