// The patterns of `branches`, `tags` and `paths`: `*` stops at a slash, `**` does not, `?` and `+` repeat what stands before.

/** Whether the last pattern that matches is not one with `!`. */
export function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.reduce(
    (matched, pattern) =>
      pattern.startsWith("!")
        ? matched && !expressionOf(pattern.slice(1)).test(name)
        : matched || expressionOf(pattern).test(name),
    false,
  );
}

function expressionOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.^$(){}|]/g, "\\$&")
    .replace(/\*\*\/|\*\*|\*/g, (stars) => (stars === "**/" ? "(?:.*/)?" : stars === "**" ? ".*" : "[^/]*"));
  return new RegExp(`^${source}$`);
}
