import type { CliWarning } from "../diagnostics/cli-error.ts";
import type { BaseState, HistoryEntry } from "../diff/index.ts";
import type { Manifest } from "../manifest/index.ts";
import type { ProjectConfig } from "../project/settings/index.ts";
import type { ManifestCache } from "./manifest-cache.ts";
import type { SpecsAtCommit } from "./read-specs-at.ts";

/** The state with which the versions of a project are compared. */
export interface Base {
  /** Absent if that state has no readable versions: everything is new then. */
  readonly manifest?: Manifest;
  /** Goes into `VersionDiff.before`. */
  readonly origin: Omit<BaseState, "projectVersion">;
  /** The same for a person, as `against main (merge base 3f2c1ab)`. */
  readonly description: string;
  /**
   * Another state, or none, replaces the requested one, as the description or a warning says. The diff may miss what was
   * committed already, so that no gate may pass on it.
   */
  readonly isFallback: boolean;
  /** How to compare with more, if the base is not a commit. */
  readonly advice?: string;
  readonly warnings: readonly CliWarning[];
  /**
   * Reads earlier commits, latest first, to recognize reverts. It starts three processes of git, and is of use only if a
   * version changed. Empty without git.
   */
  readHistory(): Promise<readonly HistoryEntry[]>;
  /** Reads the specs of that state; undefined if they can't be read. */
  readSpecs(): Promise<SpecsAtCommit | undefined>;
  /** Reads a file of the project in that state; undefined if it did not exist, or without git. */
  readFile(path: string): Promise<string | undefined>;
}

/** A project that needs a base. */
export interface BaseProject {
  /** Absolute path of its folder. */
  readonly root: string;
  readonly config: ProjectConfig;
  /** Manifests that were read or compiled already. */
  readonly manifestCache?: ManifestCache;
}

/** The history of a base outside of git: none. */
export const noHistory: Pick<Base, "readHistory" | "readFile" | "readSpecs"> = {
  readSpecs: async () => undefined,
  readHistory: async () => [],
  readFile: async () => undefined,
};
