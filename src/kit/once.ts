/** Work that is done once, also when asked for again meanwhile; after a failure the next asker tries again. */
export function onceUnlessFailed<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | null = null;
  return () => {
    result ??= work().catch((error: unknown) => {
      result = null;
      throw error;
    });
    return result;
  };
}
