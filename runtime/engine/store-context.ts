import { StoreError } from "../errors.ts";
import type { AnyFeature } from "../feature.ts";
import type { HashAlgorithm } from "../hash-algorithm.ts";
import type { StoreWarning } from "../warning.ts";
import type { EngineSession } from "./engine.ts";

/** What increments and writes need of the store that they belong to. */
export interface StoreContext {
  /** What messages call the store: its path. */
  readonly database: string;
  readonly readOnly: boolean;
  readonly algorithm: HashAlgorithm;
  /** Stamped on rows as `metaxy_project_version`. */
  readonly projectVersion: string | undefined;
  /** A connection of its own, with the macros of plans defined for the feature's hash length. */
  connect(feature: Pick<AnyFeature, "hashLength">): Promise<EngineSession>;
  /**
   * Runs a write in a transaction of the session, one at a time for the database: all of it, or nothing. `signal` stops
   * it.
   */
  writing<T>(session: EngineSession, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Reports what is odd in the store, once for each table and code. */
  warn(warning: StoreWarning): void;
  /** Microseconds since 1970, each call later than the one before. */
  now(): bigint;
}

/** What operations that delete need besides. */
export interface CompactableStore extends StoreContext {
  /** Features of the project that the store was opened with, upstream first; undefined where it was opened without. */
  readonly features: readonly AnyFeature[] | undefined;
  /** Brings what was removed out of the file, once earlier writes are done. */
  checkpointDatabase(session: EngineSession): Promise<void>;
}

/** Refuses to write to a store that was opened read-only. */
export function assertWritable(store: StoreContext): void {
  if (!store.readOnly) return;
  throw new StoreError(
    "read-only",
    `${store.database} is open read-only: open it without readOnly to write.`,
    {
      database: store.database,
    },
  );
}
