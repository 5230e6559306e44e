import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { RowsInput } from "../../increment.ts";
import type { FeatureWriteResult, WriteAllOptions } from "../../transaction.ts";
import { assertKnownOptions } from "../known-options.ts";
import { assertWritable, type StoreContext } from "../store-context.ts";
import { stageGiven, writeStaged } from "../writing/write-given.ts";

/** Rows of one feature. */
interface Given {
  readonly feature: AnyFeature;
  readonly rows: RowsInput<object>;
}

/** Stages the rows of several features, then writes them in one transaction, upstream first. */
export async function writeAll(
  store: StoreContext,
  given: readonly Given[],
  options: WriteAllOptions,
): Promise<FeatureWriteResult[]> {
  assertKnownOptions("writeAll", options, ["materializationId", "signal"]);
  assertWritable(store);
  const [first] = given;
  if (first === undefined) return [];
  assertWritableTogether(given.map(({ feature }) => feature));
  const session = await store.connect(first.feature);
  try {
    const staged: { readonly feature: AnyFeature; readonly sql: string }[] = [];
    for (const { feature, rows } of upstreamFirst(given)) {
      const sql = await stageGiven(session, `stemma_given_${staged.length}`, feature, rows);
      staged.push({ feature, sql });
    }
    const work = async () => {
      const results: FeatureWriteResult[] = [];
      for (const { feature, sql } of staged) {
        const written = await writeStaged(store, session, feature, sql, options);
        results.push({ feature: feature.key, ...written });
      }
      return results;
    };
    return await store.writing(session, work, options.signal);
  } finally {
    await session.close();
  }
}

/** Refuses features that are listed twice, and those of projects that cut hashes at other lengths. */
function assertWritableTogether(features: readonly AnyFeature[]): void {
  const keys = features.map(({ key }) => key);
  const repeated = keys.find((key, index) => keys.indexOf(key) !== index);
  if (repeated !== undefined) {
    throw new InputError(
      "duplicate-feature",
      `${repeated} is listed twice. Pass all its rows in one entry.`,
      {
        feature: repeated,
      },
    );
  }
  assertSameHashLength(features);
}

/** Refuses features of projects that cut hashes at different lengths: one session has one hash. */
export function assertSameHashLength(features: readonly AnyFeature[]): void {
  const [first] = features;
  const other = features.find(({ hashLength }) => hashLength !== first?.hashLength);
  if (first === undefined || other === undefined) return;
  throw new InputError(
    "contract-mismatch",
    `${first.key} has the hashLength ${first.hashLength}, and ${other.key} has ${other.hashLength}. Features of different projects can't be written together: write each project on its own.`,
    { features: [first.key, other.key] },
  );
}

/** Entries in an order in which each feature comes after those that it depends on; otherwise as they were given. */
function upstreamFirst(given: readonly Given[]): readonly Given[] {
  const byKey = new Map(given.map((entry) => [entry.feature.key, entry]));
  const ordered = new Set<Given>();
  const visit = (entry: Given) => {
    if (ordered.has(entry)) return;
    for (const { feature } of entry.feature.spec.deps) {
      const upstream = byKey.get(feature);
      if (upstream !== undefined) visit(upstream);
    }
    ordered.add(entry);
  };
  for (const entry of given) visit(entry);
  return [...ordered];
}
