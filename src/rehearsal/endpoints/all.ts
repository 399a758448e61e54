import type { Endpoint } from "../server/endpoint.ts";
import { checkEndpoints } from "./checks.ts";
import { commentEndpoints } from "./comments.ts";
import { contentEndpoints } from "./contents.ts";
import { deploymentStatusEndpoints } from "./deployment-statuses.ts";
import { deploymentEndpoints } from "./deployments.ts";
import { dispatchEndpoints } from "./dispatches.ts";
import { blobEndpoints } from "./git-blobs.ts";
import { gitCommitEndpoints } from "./git-commits.ts";
import { refEndpoints } from "./git-refs.ts";
import { tagEndpoints } from "./git-tags.ts";
import { treeEndpoints } from "./git-trees.ts";
import { historyEndpoints } from "./history.ts";
import { issueEndpoints } from "./issues.ts";
import { limitEndpoints } from "./limits.ts";
import { mergeEndpoints } from "./merge.ts";
import { permissionEndpoints } from "./permissions.ts";
import { pullEndpoints } from "./pulls.ts";
import { reactionEndpoints } from "./reactions.ts";
import { assetEndpoints } from "./release-assets.ts";
import { releaseEndpoints } from "./releases.ts";
import { repositoryEndpoints } from "./repositories.ts";
import { reviewEndpoints } from "./reviews.ts";
import { runEndpoints } from "./runs.ts";
import { statusEndpoints } from "./statuses.ts";

/** Everything that the embedded GitHub answers. The first that fits is taken, so what goes on behind a long name comes before it. */
export const endpoints: readonly Endpoint[] = [
  ...commentEndpoints,
  ...reactionEndpoints,
  ...issueEndpoints,
  ...pullEndpoints,
  ...reviewEndpoints,
  ...mergeEndpoints,
  ...checkEndpoints,
  ...statusEndpoints,
  ...refEndpoints,
  ...tagEndpoints,
  ...treeEndpoints,
  ...gitCommitEndpoints,
  ...blobEndpoints,
  ...contentEndpoints,
  ...repositoryEndpoints,
  ...releaseEndpoints,
  ...assetEndpoints,
  ...deploymentStatusEndpoints,
  ...deploymentEndpoints,
  ...runEndpoints,
  ...dispatchEndpoints,
  ...permissionEndpoints,
  ...limitEndpoints,
  ...historyEndpoints,
];
