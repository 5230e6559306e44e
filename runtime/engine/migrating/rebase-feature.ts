import { parsedColumns } from "../../columns/parsed-columns.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { RebaseOptions, RebaseResult } from "../../rebasing.ts";
import { featureSources } from "../checkpoint/feature-sources.ts";
import { inspectSources } from "../checkpoint/source-state.ts";
import { upstreamSources } from "../checkpoint/upstream-sources.ts";
import type { EngineSession } from "../engine.ts";
import { assertKnownOptions } from "../known-options.ts";
import { pendingUpstream } from "../resolve/pending-upstream.ts";
import { assertWritable, type StoreContext } from "../store-context.ts";
import { appendEmptyParents } from "../tables/empty-parents.ts";
import { storedVersions } from "../tables/stored-versions.ts";
import { writeRows } from "../writing/write-rows.ts";
import { stageCarried } from "./stage-carried.ts";

/**
 * Carries rows of another feature version to the current one, without computing them again: they get the provenance that
 * a computation would give them now. All or nothing.
 */
export async function rebaseFeature(
  store: StoreContext,
  feature: AnyFeature,
  options: RebaseOptions,
): Promise<RebaseResult> {
  assertKnownOptions("rebase", options, ["from", "materializationId", "dryRun", "signal"]);
  const { dryRun = false, signal } = options;
  if (!dryRun) assertWritable(store);
  assertDerived(feature);
  const session = await store.connect(feature);
  try {
    const work = () => rebase(store, session, feature, options);
    return dryRun
      ? await session.exclusive(() => session.transaction(work), signal)
      : await store.writing(session, work, signal);
  } finally {
    await session.close();
  }
}

async function rebase(
  store: StoreContext,
  session: EngineSession,
  feature: AnyFeature,
  { from: requested, materializationId, dryRun = false }: RebaseOptions,
): Promise<RebaseResult> {
  const from = await versionToRebase(session, feature, requested);
  const { key, table, plan } = feature;
  const fieldMembers = Object.fromEntries(Object.keys(plan.fieldMembers).map((member) => [member, member]));
  const previous = { key, table, featureVersion: from, fieldMembers };
  const { rows, emptyParents, counts } = await stageCarried(session, feature, previous, "expected");
  const result = {
    from,
    samples: counts.samples,
    rows: counts.rows,
    gone: counts.left,
    present: counts.present,
    missingRequired: await countIncomplete(session, feature, rows),
    pendingUpstream: await pendingOf(session, feature),
  };
  if (dryRun || counts.samples === 0) return result;
  const options = materializationId === undefined ? {} : { materializationId };
  await writeRows(store, session, feature, { sql: rows, bindings: undefined, keepsCreated: true }, options);
  if (counts.emptyParents > 0) await appendEmptyParents(session, feature, emptyParents);
  return result;
}

function assertDerived({ key, plan }: AnyFeature): void {
  if (plan.kind !== "root") return;
  throw new InputError(
    "rebase-root",
    `${key} is a root: its provenance comes with its samples, and can't be computed. Resolve it with { samples }, and write what is new.`,
    { feature: key },
  );
}

/** The version whose rows are carried over: the requested one, else the only other that the table holds. */
async function versionToRebase(
  session: EngineSession,
  feature: AnyFeature,
  requested: string | undefined,
): Promise<string> {
  const versions = await storedVersions(session, feature);
  const stored = versions.filter(({ version }) => version !== feature.featureVersion);
  const [only] = stored;
  if (requested === undefined && only !== undefined && stored.length === 1) return only.version;
  if (stored.some(({ version }) => version === requested)) return requested ?? "";
  const listed = stored.map(({ version, rows: count }) => `${version} (${count} rows)`).join(", ");
  const known =
    stored.length === 0
      ? `${session.database} has no rows of it under another version than the current one.`
      : `It has rows under ${listed}, the latest first.`;
  throw new InputError(
    "unknown-version",
    requested === undefined
      ? `Say from which version the rows of ${feature.key} are to be rebased: { from }. ${known}`
      : `There are no rows of ${feature.key} under the version ${requested}${requested === feature.featureVersion ? ", other than the current ones" : ""}. ${known}`,
    { feature: feature.key, from: requested, versions: stored.map(({ version }) => version) },
  );
}

/** How many of the rows lack a value that the spec requires now. */
async function countIncomplete(session: EngineSession, { spec }: AnyFeature, rows: string): Promise<number> {
  const required = [...parsedColumns(spec.columns)].filter(([, { nullable }]) => !nullable);
  const isMissing = required.map(([name]) => `${quoteIdentifier(name)} IS NULL`).join(" OR ");
  const [found] = await session.rows(`SELECT count(*) AS rows FROM (${rows}) WHERE ${isMissing}`);
  return Number(found?.["rows"]);
}

async function pendingOf(
  session: EngineSession,
  feature: AnyFeature,
): Promise<RebaseResult["pendingUpstream"]> {
  const { plan } = feature;
  if (plan.kind === "root") return [];
  const sources = await inspectSources(session, await featureSources(session, feature, plan), []);
  return pendingUpstream(session, upstreamSources(plan, sources), new Map());
}
