import fc from "fast-check";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { untyped } from "../../../support/untyped.ts";

/** Rows that a store deletes, or a table that it drops. */
export interface RemovalStep {
  readonly do: "remove";
  readonly from: string;
  readonly what: "filter" | "ids" | "orphaned" | "stale" | "all" | "table";
  readonly id: number;
  readonly hard: boolean;
  readonly history: boolean;
}

/** Removals from one of some features. A table goes seldom: afterwards, little is left to be looked at. */
export function removalStep(features: readonly string[]): fc.Arbitrary<RemovalStep> {
  const what = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom<RemovalStep["what"]>("filter", "ids", "orphaned", "stale") },
    { weight: 1, arbitrary: fc.constantFrom<RemovalStep["what"]>("all", "table") },
  );
  return fc.record({
    do: fc.constant("remove" as const),
    from: fc.constantFrom(...features),
    what,
    id: fc.nat(11),
    hard: fc.boolean(),
    history: fc.boolean(),
  });
}

/** Removes rows as a user of the store would. */
export async function takeRemoval(store: Store, feature: AnyFeature, step: RemovalStep): Promise<void> {
  const options = { hard: step.hard, history: step.history, force: true };
  const [column, value] = feature.key === "grouped" ? ["grp", `g${step.id % 4}`] : ["id", `s${step.id}`];
  if (step.what === "table") await store.drop(feature);
  if (step.what === "all") await store.delete(feature, "TRUE", options);
  if (step.what === "filter") await store.delete(feature, `${column} = '${value}'`, options);
  if (step.what === "ids") {
    const id = feature.key === "cut" ? { piece: `${value}-0` } : { [column ?? ""]: value };
    await store.delete(feature, untyped(id), options);
  }
  if (step.what !== "orphaned" && step.what !== "stale") return;
  const increment = await store.resolve(feature).catch(() => undefined);
  if (increment === undefined) return;
  await using open = increment;
  await store.delete(feature, untyped(open[step.what]), options);
}
