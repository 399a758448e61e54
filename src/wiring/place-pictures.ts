import type { Api } from "../github/api.ts";
import { commitFiles } from "../github/git-objects.ts";
import { sha256 } from "../kit/digest.ts";
import { UserError } from "../kit/user-error.ts";
import type { Chart } from "../report/chart-plan.ts";
import type { PlacedPicture } from "../report/comment-pictures.ts";

/** The branch of the same repository that holds pictures and nothing else; whoever deletes it takes them from all reports. */
const branch = "mlops-reports";

interface Place {
  webUrl: string;
  tell(line: string): void;
}

/**
 * Commits the pictures of charts to a branch without a history of code, where every reader of the repository sees them and nobody
 * else. They are named by their content: the same picture is committed once, and its address never changes. None where
 * the token may not write contents.
 */
export async function placePictures(
  api: Api,
  charts: ReadonlyMap<string, readonly Chart[]>,
  { webUrl, tell }: Place,
): Promise<ReadonlyMap<string, readonly PlacedPicture[]>> {
  const { drawPictures } = await import("../report/draw-png.ts");
  const files = new Map<string, Uint8Array>();
  const addressOf = (png: Uint8Array): string => {
    const digest = sha256(png);
    const path = `charts/${digest.slice(0, 2)}/${digest.slice(2)}.png`;
    files.set(path, png);
    return `${webUrl}/raw/${branch}/${path}`;
  };
  const placed = new Map<string, PlacedPicture[]>();
  for (const [model, drawn] of charts) {
    const pictures = await drawPictures(drawn);
    const places = pictures.map(({ light, dark, ...rest }) => ({
      ...rest,
      light: addressOf(light),
      dark: addressOf(dark),
    }));
    placed.set(model, places);
  }
  if (files.size === 0) return placed;
  try {
    await commitFiles(api, { ref: `refs/heads/${branch}`, message: "Charts of reports", files });
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "github_permission_missing") throw error;
    tell("no charts in the comment: contents: write is not granted, tables say the same");
    return new Map();
  }
  return placed;
}
