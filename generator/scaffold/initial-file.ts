/** A file that a new project begins with. */
export interface InitialFile {
  /** Relative to the project's folder, with `/`. It may lead out of it, as `../.github/…`. */
  readonly path: string;
  readonly text: string;
  /** What counts are its lines, so that a file that is there already is told which ones it lacks. */
  readonly isList?: boolean;
}
