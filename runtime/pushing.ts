/**
 * A project's definitions, as `stemma generate` writes them to `versions.json`: what {@link Store.push} records.
 *
 * An import of that file has this type.
 */
export interface ProjectDefinitions {
  readonly manifestVersion: number;
  /** Name of the project. */
  readonly project: string;
  readonly projectVersion: string;
  /** By feature key. */
  readonly features: Readonly<Record<string, FeatureDefinition>>;
}

/** The definition of a feature, as `versions.json` holds it. */
export interface FeatureDefinition {
  /** Name of the export. */
  readonly name: string;
  /** Path of the module below the output folder, without extension. */
  readonly module: string;
  readonly featureVersion: string;
  readonly definitionVersion: string;
  readonly idColumns: readonly string[];
  readonly deps: readonly DepDefinition[];
  readonly fields: Readonly<Record<string, FieldDefinition>>;
  /** Column → type, alone or with details. */
  readonly columns: Readonly<Record<string, string | { readonly type: string }>>;
}

/** A dependency in a definition. Options that have their default value are left out. */
export interface DepDefinition {
  readonly feature: string;
  readonly optional?: boolean;
  readonly lineage: { readonly type: string; readonly on?: readonly string[] };
  readonly select?: readonly string[];
  readonly rename?: Readonly<Record<string, string>>;
  readonly where?: readonly string[];
  readonly fieldsMapping?: {
    readonly type: string;
    readonly matchSuffix?: boolean;
    readonly excludeFields?: readonly string[];
    readonly mapping?: Readonly<Record<string, readonly string[]>>;
  };
}

/** A field in a definition. */
export interface FieldDefinition {
  readonly codeVersion: string;
  readonly deps?:
    | string
    | readonly { readonly feature: string; readonly fields: string | readonly string[] }[];
}

/** Settings of a push. */
export interface PushOptions {
  /** Facts to find the push by later, such as the commit. Names and values are text; the name `metaxy` is reserved. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Compares, and records nothing. Works in a store that is open read-only. */
  readonly dryRun?: boolean;
  /** Stops the work; the call then rejects with the code `cancelled`, and nothing is recorded. */
  readonly signal?: AbortSignal;
}

/** How the features of a push differ from those of the push before, by key. */
export interface PushChanges {
  readonly added: readonly string[];
  /** Features with another feature version: their samples have to be computed again. */
  readonly changed: readonly string[];
  /** Features with another definition and the same feature version. */
  readonly metadataOnly: readonly string[];
  readonly removed: readonly string[];
}

/** What a push recorded, or would record for `dryRun`. */
export interface PushResult extends PushChanges {
  readonly projectVersion: string;
  /** Whether the definitions differ from those of the project's latest push; if not, nothing is recorded. */
  readonly isNew: boolean;
}

/** Settings of {@link Store.history}. */
export interface HistoryOptions {
  /** The pushes of one project only; of all projects by default. */
  readonly project?: string;
  /** Only pushes that added, changed or removed this feature. */
  readonly feature?: string;
  /** How many pushes to return, latest first. Default 20. */
  readonly limit?: number;
}

/** A push, and how it differs from the one before. */
export interface Push extends PushChanges {
  readonly project: string;
  readonly projectVersion: string;
  /** When it was recorded: RFC 3339 in UTC, to the microsecond. */
  readonly at: string;
  readonly tags: Readonly<Record<string, string>>;
  /** How many features the project had. */
  readonly features: number;
}

/** What a store records of the projects that fill it. */
export interface ProjectRecords {
  /**
   * Records a project's definitions in the store, in the table of the Python system, which can load them from there. They
   * are compared with those that the project recorded last; if nothing differs, nothing is recorded. Features that
   * vanished are marked as deleted. A return to earlier definitions is a push of its own.
   *
   * @example
   * ```ts
   * import versions from "./generated/versions.json" with { type: "json" };
   *
   * const { isNew, changed } = await store.push(versions, { tags: { commit: process.env.GITHUB_SHA ?? "" } });
   * ```
   * @throws InputError `wrong-type` for what is not the content of `versions.json`, or a tag that is no text. StoreError
   *   `read-only`; `table-shape` if another version of the Python system made a table that lacks columns.
   */
  push(definitions: ProjectDefinitions, options?: PushOptions): Promise<PushResult>;

  /**
   * The pushes that the store holds, latest first, and how each differs from the one before of its project.
   *
   * @example
   * ```ts
   * for (const { at, tags, changed } of await store.history({ feature: "video/chunk" })) console.log(at, tags["commit"], changed);
   * ```
   */
  history(options?: HistoryOptions): Promise<readonly Push[]>;
}
