import type { AnyFeature, ResolveOptions, Store } from "../../runtime/index.ts";
import type { RecordedRow, RecordedSets } from "./vectors.ts";

/** Resolves and reads the three sets. */
export async function resolveSets(store: Store, feature: AnyFeature, options: object): Promise<RecordedSets> {
  await using increment = await store.resolve(feature, options as ResolveOptions<AnyFeature>);
  return {
    new: (await increment.new.toArray()) as RecordedRow[],
    stale: (await increment.stale.toArray()) as RecordedRow[],
    orphaned: (await increment.orphaned.toArray()) as unknown as RecordedRow[],
  };
}

/**
 * Sets in a form that can be compared: rows as multisets, with the system columns that `recorded` has. Of new and stale
 * rows every user column counts, of orphaned ones those that are not null.
 */
export function comparable(sets: RecordedSets | undefined, recorded: RecordedSets | undefined): unknown {
  const compare = (kind: keyof RecordedSets) => {
    const system = new Set((recorded?.[kind] ?? []).flatMap((row) => Object.keys(row)).filter(isSystem));
    return (sets?.[kind] ?? []).map((row) => canonical(row, system, kind === "orphaned")).sort();
  };
  return { new: compare("new"), stale: compare("stale"), orphaned: compare("orphaned") };
}

function canonical(row: RecordedRow, system: ReadonlySet<string>, dropNulls: boolean): string {
  const entries = Object.entries(row)
    .filter(([name]) => !isSystem(name) || system.has(name))
    .filter(([, value]) => !dropNulls || value !== null)
    .map(([name, value]) => [name, sorted(value)])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return JSON.stringify(entries);
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isSystem(name: string): boolean {
  return name.startsWith("metaxy_");
}
