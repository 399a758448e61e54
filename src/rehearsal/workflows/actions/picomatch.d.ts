// picomatch comes without types. It is what tinyglobby matches with, so that a glob means the same for a path of a commit
// as for a file on disk.
declare module "picomatch" {
  interface Options {
    dot?: boolean;
    posix?: boolean;
  }
  const picomatch: (glob: string, options?: Options) => (path: string) => boolean;
  export = picomatch;
}
