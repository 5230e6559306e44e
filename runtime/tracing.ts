/** Settings of a trace. */
export interface TraceOptions {
  /** How many samples of a feature are followed and listed. Default 100. */
  readonly limit?: number;
  /** Stops the work; the call then rejects with the code `cancelled`. */
  readonly signal?: AbortSignal;
}

/** A sample through the graph. */
export interface Trace {
  /** Key of the feature that the sample is of. */
  readonly feature: string;
  /** Its id columns. */
  readonly id: Readonly<Record<string, unknown>>;
  /** The features that the sample was made from, its own, and those that are made from it, upstream first. */
  readonly features: readonly TracedFeature[];
}

/** A feature of a trace, with the samples that belong to the traced one. */
export interface TracedFeature {
  readonly feature: string;
  /** The current feature version. */
  readonly featureVersion: string;
  readonly direction: "upstream" | "origin" | "downstream";
  /** Ordered by id. Empty if nothing is stored or expected. */
  readonly samples: readonly TracedSample[];
  /** Whether there are more samples than the limit. */
  readonly isTruncated: boolean;
}

/**
 * What a sample of a trace is now:
 *
 * - `present`: stored under the current feature version, and up to date.
 * - `stale`: stored, and its inputs changed since.
 * - `missing`: expected, and not stored under the current feature version. Its id has the grain columns only.
 * - `failed`: missing or stale, and its worker failed with these inputs.
 * - `orphaned`: stored, and no longer expected.
 * - `deleted`: marked as deleted.
 * - `older-version`: stored under another feature version than the current one.
 */
export type TracedState =
  | "present"
  | "stale"
  | "missing"
  | "failed"
  | "orphaned"
  | "deleted"
  | "older-version";

/** A sample of a trace. All but `id` and `state` are null for one that is not stored. */
export interface TracedSample {
  readonly id: Readonly<Record<string, unknown>>;
  readonly state: TracedState;
  /** Keys of the fields whose provenance changed; empty unless it is stale. */
  readonly changedFields: readonly string[];
  /** The recorded error of a failed one. */
  readonly error: { readonly type: string; readonly message: string; readonly at: string } | null;
  readonly featureVersion: string | null;
  readonly projectVersion: string | null;
  readonly provenance: string | null;
  readonly dataVersion: string | null;
  /** The run that wrote it. */
  readonly materializationId: string | null;
  /** Times are RFC 3339 in UTC, to the microsecond. */
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  readonly deletedAt: string | null;
}
