import { fc } from "./properties.ts";

/** Values that would do harm if a renderer let them through: each breaks out of one kind of place. */
export const hostileTexts = [
  "<script>document.title='owned'</script>",
  "</title><img src=x onerror=document.title='owned'>",
  '"><svg onload=document.title=1>',
  "javascript:document.title='owned'",
  "[click](javascript:alert(1)) ![x](https://evil.example/p.png)",
  "| a | b |\n|---|---|\n# heading",
  "```mermaid\ngraph TD; A-->B\n```",
  "`code` ``more`` <details>",
  "@octocat @github/security #123 GH-45 octocat/hello#1",
  "https://evil.example www.evil.example a@b.example",
  "::error file=x::pwned\n##[error]pwned",
  ":::error file=x:::pwned",
  "\u001b[31mred\u001b[0m\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007",
  "abc\u202Egnp.exe\u2066\u200F",
  "$\\frac{1}{0}$ :tada: ~~gone~~ **bold** _it_ <!-- -->",
  "-->\n<!-- mlops:end title -->\n---\nlicense: evil",
  "😀 日本語 العربية e\u0301 \ud800",
  "a\u0000b\u2028c\u200Bd\u{E0041}",
  "=cmd|' /C calc'!A0",
  "datum.x; alert(1)",
  "{{constructor.constructor('return 1')()}}",
  "",
  " ",
] as const;

/** Any text, mixed with the hostile ones and their pieces. */
export function hostileText(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(...hostileTexts),
    fc.constantFrom(..."<>&\"'`|\\[]()!*_~#@:$^-+=.{}\n\r\t\u001b\u009b\u202e\u2066\u200b"),
    fc.string({ unit: "binary", maxLength: 12 }),
  );
  return fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
}
