import type { BaseState, HistoryEntry } from "../diff/index.ts";
import type { Manifest } from "../manifest/index.ts";
import type { Problem } from "../project/output/index.ts";
import type { ProjectConfig } from "../project/settings/index.ts";
import type { ManifestCache } from "./manifest-cache.ts";
import type { SpecsAtCommit } from "./read-specs-at.ts";

/** The state that the versions of a project are compared with. */
export interface Base {
  /** Absent where that state has no versions, or none that can be read: everything is new then. */
  readonly manifest?: Manifest;
  /** What goes into `VersionDiff.before`. */
  readonly origin: Omit<BaseState, "projectVersion">;
  /** The same for a person, as `against main (merge base 3f2c1ab)`. */
  readonly description: string;
  /**
   * Something else, or nothing, stands in for the state that was wanted, as the description or a warning tells. What
   * was committed already may not show in the diff, so that no gate must pass on it.
   */
  readonly isFallback: boolean;
  /** What to do for more to be compared, where no commit could be. */
  readonly advice?: string;
  /** What is to be told without stopping. */
  readonly warnings: readonly Problem[];
  /**
   * Reads what was committed earlier, latest first, for reverts to be recognised. Costs three processes of git, and is
   * of use only where a version moved. Empty where there is no git.
   */
  readHistory(): Promise<readonly HistoryEntry[]>;
  /** Reads the specs as they were then; undefined where that can't be told. */
  readSpecs(): Promise<SpecsAtCommit | undefined>;
  /** Reads a file of the project as it was then; undefined where it was not there, or there is no git. */
  readFile(path: string): Promise<string | undefined>;
}

/** A project for which a base is wanted. */
export interface BaseProject {
  /** Absolute path of its folder. */
  readonly root: string;
  readonly config: ProjectConfig;
  /** What was read or compiled already, and need not be read again. */
  readonly manifestCache?: ManifestCache;
}

/** What is known of the past outside of git. */
export const noHistory: Pick<Base, "readHistory" | "readFile" | "readSpecs"> = {
  readSpecs: async () => undefined,
  readHistory: async () => [],
  readFile: async () => undefined,
};
