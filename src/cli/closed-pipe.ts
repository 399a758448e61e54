/** A reader that has seen enough (`mlops … | head`) ends the output, not the work: the exit code stays the verdict's. */
export function ignoreClosedPipe(stream: NodeJS.WritableStream): void {
  stream.on("error", (error: Error) => {
    if (!("code" in error && error.code === "EPIPE")) throw error;
  });
}
