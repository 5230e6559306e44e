import type { DerivedPlan, Feature, FeatureTypes, UpstreamFacts } from "../contract.ts";
import { InputError } from "../errors.ts";
import type { AnyFeature } from "../feature.ts";
import type { Counts, Increment, PendingUpstream, SetKind } from "../increment.ts";
import { quoteName, quoteText } from "../sql-text.ts";
import type { Filter, ResolveOptions } from "../store.ts";
import { bindFilters, filterTexts } from "./bind-filters.ts";
import { checkRows } from "./check-rows.ts";
import { comparison, grainsTable } from "./comparison.ts";
import { emptyParentGrains } from "./empty-parents.ts";
import { type ExpectedRows, expectedFromPlan, expectedFromSamples } from "./expected-rows.ts";
import { assertStoredIds, featureTable, upstreamTable } from "./feature-tables.ts";
import { DuckIncrement } from "./duck-increment.ts";
import { Parameters } from "./parameters.ts";
import type { PhysicalTable } from "./physical-table.ts";
import { currentRows, noRows, type RelationSpec } from "./relation.ts";
import type { Session } from "./session.ts";
import { stageRows } from "./stage-rows.ts";
import type { StoreContext } from "./store-context.ts";
import { storedGrains } from "./stored-grains.ts";

/** Options of a resolve, whatever the types of the feature. */
export type AnyResolveOptions = ResolveOptions<AnyFeature>;

/**
 * Resolves an increment: stages samples, then looks at tables and compares in one transaction, so that what is
 * compared is one state of the database.
 */
export async function resolveIncrement<F extends Feature<FeatureTypes>>(
  store: StoreContext,
  feature: F,
  options: AnyResolveOptions,
): Promise<Increment<F>> {
  assertOptions(feature, options);
  const session = await store.connect(feature);
  try {
    const parameters = new Parameters();
    const samples = await stageSamples(session, feature, options);
    const resolved = await session.exclusive(
      () => session.transaction(() => compare(session, feature, options, samples, parameters)),
      options.signal,
    );
    return new DuckIncrement<F>({ store, session, feature, parameters, ...resolved });
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** What a comparison leaves behind: the grains in a temporary table, and how to read the rows of each set. */
export interface Resolved {
  readonly expected: ExpectedRows;
  /** SQL of the target's current rows, undefined where there is no stored side. */
  readonly stored: string | undefined;
  readonly counts: Counts;
  readonly rowCounts: Counts;
  readonly pendingUpstream: readonly PendingUpstream[];
}

async function compare(
  session: Session,
  feature: AnyFeature,
  options: AnyResolveOptions,
  samples: string | undefined,
  parameters: Parameters,
): Promise<Resolved> {
  const targetFilters = bindFilters(
    [...filterTexts(options.globalFilters), ...filterTexts(options.targetFilters), ...own(options, feature.key)],
    { feature: feature.key, columns: feature.spec.columns },
    parameters,
  );
  const upstream = samples === undefined ? await inspectUpstream(session, feature) : [];
  const expected =
    samples === undefined
      ? expectedFromPlan(
          feature,
          derivedPlan(feature),
          new Map(upstream.map((source) => [source.facts.table, upstreamRows(source, options, parameters)])),
          Object.keys(derivedPlan(feature).rowColumns),
        )
      : expectedFromSamples(feature, samples, Object.keys(feature.spec.columns), targetFilters);

  const stored = options.skipComparison === true ? undefined : await storedRows(session, feature, targetFilters);
  const staleIf = bindFilters(options.staleIf, { feature: feature.key, columns: feature.spec.columns }, parameters);
  const emptyParents = options.skipComparison === true ? undefined : await emptyParentGrains(session, feature);
  const storedSide =
    stored === undefined && emptyParents === undefined
      ? undefined
      : storedGrains(feature, `(${stored ?? noRows(targetSpec(feature, targetFilters))})`, staleIf, emptyParents);
  const sql = comparison(feature, expected, storedSide);
  await session.run(sql, parameters.of(sql));
  await assertUnambiguous(session, feature);
  return {
    expected,
    stored,
    ...(await countSets(session)),
    pendingUpstream: await pendingUpstream(session, upstream),
  };
}

interface UpstreamSource {
  readonly key: string;
  readonly facts: UpstreamFacts;
  readonly table: PhysicalTable | undefined;
}

async function inspectUpstream(session: Session, feature: AnyFeature): Promise<UpstreamSource[]> {
  const sources: UpstreamSource[] = [];
  for (const [key, facts] of Object.entries(derivedPlan(feature).upstream)) {
    const table = await upstreamTable(session, feature, key, facts);
    if (table !== undefined) await assertStoredIds(session, key, table, facts.idColumns, facts.featureVersion);
    sources.push({ key, facts, table });
  }
  return sources;
}

/** Current rows of an upstream that have all join columns: a row without one belongs to no sample. */
function upstreamRows(
  { key, facts, table }: UpstreamSource,
  options: AnyResolveOptions,
  parameters: Parameters,
): string {
  const filters = bindFilters(
    [...filterTexts(options.globalFilters), ...own(options, key)],
    { feature: key, columns: facts.columns },
    parameters,
  );
  const optionalJoin = Object.values(facts.on).filter((column) => !facts.idColumns.includes(column));
  const spec = {
    idColumns: facts.idColumns,
    featureVersion: facts.featureVersion,
    columns: facts.columns,
    members: facts.members,
    filters: [...filters, ...optionalJoin.map((column) => `${quoteName(column)} IS NOT NULL`)],
  };
  return table === undefined ? noRows(spec) : currentRows({ ...spec, table });
}

async function storedRows(
  session: Session,
  feature: AnyFeature,
  filters: readonly string[],
): Promise<string | undefined> {
  const table = await featureTable(session, feature);
  if (table === undefined) return undefined;
  await assertStoredIds(session, feature.key, table, feature.spec.idColumns, feature.featureVersion);
  return currentRows({ ...targetSpec(feature, filters), table });
}

function targetSpec(feature: AnyFeature, filters: readonly string[]): Omit<RelationSpec, "table"> {
  return {
    idColumns: feature.spec.idColumns,
    featureVersion: feature.featureVersion,
    columns: feature.spec.columns,
    members: Object.keys(feature.plan.members),
    filters,
  };
}

async function stageSamples(
  session: Session,
  feature: AnyFeature,
  { samples }: AnyResolveOptions,
): Promise<string | undefined> {
  if (samples === undefined) return undefined;
  const shape = {
    feature: feature.key,
    columns: feature.spec.columns,
    members: Object.keys(feature.plan.members),
  };
  const raw = await stageRows(session, "stemma_given", samples, shape);
  const checked = await session.exclusive(() =>
    checkRows(session, raw, {
      ...shape,
      required: feature.plan.grain,
      unique: feature.plan.grain,
      checks: feature.plan.checks ?? {},
      provenance: "required",
    }),
  );
  return checked.sql;
}

async function countSets(session: Session): Promise<Pick<Resolved, "counts" | "rowCounts">> {
  const sets = await session.rows(
    `SELECT stemma_set, count(*) AS grains, sum(coalesce(stemma_rows, 1)) AS rows FROM ${grainsTable} GROUP BY stemma_set`,
  );
  const count = (kind: SetKind, of: "grains" | "rows") =>
    Number(sets.find((set) => set["stemma_set"] === kind)?.[of] ?? 0);
  const counts = (of: "grains" | "rows"): Counts => ({
    new: count("new", of),
    stale: count("stale", of),
    orphaned: count("orphaned", of),
  });
  return { counts: counts("grains"), rowCounts: counts("rows") };
}

/** Rows of one sample that disagree leave no answer to whether it is up to date. */
async function assertUnambiguous(session: Session, feature: AnyFeature): Promise<void> {
  if (feature.plan.kind === "root" || feature.plan.rowsPerGrain !== "unproven") return;
  const { grain } = feature.plan;
  const [example] = await session.rows(
    `SELECT ${grain.map(quoteName).join(", ")}, stemma_rows, count(*) OVER () AS stemma_samples
     FROM ${grainsTable} WHERE stemma_ambiguous ORDER BY ALL LIMIT 1`,
  );
  if (example === undefined) return;
  const id = grain.map((column) => `${column} = ${String(example[column])}`).join(", ");
  throw new InputError(
    "ambiguous-sample",
    `${example["stemma_rows"]} upstream rows that differ belong to one sample of ${feature.key} (${id}; ${example["stemma_samples"]} such samples in all), and it has one provenance only. Give the dep the lineage "aggregation", or add the column that tells the rows apart to idColumns.`,
    { feature: feature.key, samples: Number(example["stemma_samples"]) },
  );
}

/** Upstream features with samples that are stored, but not under the current feature version. */
async function pendingUpstream(session: Session, upstream: readonly UpstreamSource[]): Promise<PendingUpstream[]> {
  const pending: PendingUpstream[] = [];
  for (const { key, facts, table } of upstream) {
    if (table === undefined) continue;
    const ids = facts.idColumns.map(quoteName).join(", ");
    const versions = `metaxy_feature_version = ${quoteText(facts.featureVersion)}`;
    const [waiting] = await session.rows(
      `WITH latest AS (
         SELECT ${ids}, metaxy_deleted_at, ${versions} AS current FROM ${table.name}
         WHERE metaxy_feature_version IS NOT NULL
         QUALIFY row_number() OVER (PARTITION BY ${ids}, metaxy_feature_version
           ORDER BY coalesce(metaxy_deleted_at, metaxy_updated_at) DESC NULLS LAST, rowid DESC) = 1)
       SELECT count(*) AS samples FROM (
         SELECT ${ids} FROM latest GROUP BY ${ids}
         HAVING NOT bool_or(current) AND bool_or(metaxy_deleted_at IS NULL))`,
    );
    const samples = Number(waiting?.["samples"] ?? 0);
    if (samples > 0) pending.push({ feature: key, samples });
  }
  return pending;
}

function derivedPlan(feature: AnyFeature): DerivedPlan {
  const { plan } = feature;
  if (plan.kind === "derived") return plan;
  const ids = feature.spec.idColumns.join(", ");
  throw new InputError(
    "samples-required",
    `${feature.key} is a root: it has no upstream to derive its samples from. Pass { samples } with ${ids} and metaxy_provenance_by_field (one text per field).`,
    { feature: feature.key },
  );
}

function own(options: AnyResolveOptions, key: string): readonly string[] {
  const filters: { readonly [feature: string]: Filter | undefined } = options.filters ?? {};
  return filterTexts(filters[key]);
}

function assertOptions(feature: AnyFeature, options: AnyResolveOptions): void {
  const unknown = Object.keys(options).find((option) => !knownOptions.has(option));
  if (unknown !== undefined) {
    throw new InputError(
      "unknown-option",
      `resolve has no option ${JSON.stringify(unknown)}. It takes ${[...knownOptions].join(", ")}.`,
      { option: unknown },
    );
  }
  const known = [...feature.spec.deps.map((dep) => dep.feature), feature.key];
  const stranger = Object.keys(options.filters ?? {}).find((key) => !known.includes(key));
  if (stranger !== undefined) {
    throw new InputError(
      "unknown-feature",
      `filters names ${JSON.stringify(stranger)}, which ${feature.key} does not depend on. It takes ${known.join(", ")}.`,
      { feature: feature.key, filter: stranger },
    );
  }
}

const knownOptions: ReadonlySet<string> = new Set<keyof AnyResolveOptions>([
  "samples",
  "filters",
  "globalFilters",
  "targetFilters",
  "staleIf",
  "skipComparison",
  "signal",
]);
