/** Parameters in which GitHub allows slashes, written out or encoded. */
const long = new Set(["ref", "path", "basehead", "branch", "environment_name"]);

/** `/repos/{owner}/{repo}/git/ref/{ref}` as hono writes it; the shortest text that fits, since a path may go on. */
export function routeOf(path: string): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === "path") return ":path{.+}?";
    return long.has(name) ? `:${name}{.+?}` : `:${name}`;
  });
}
