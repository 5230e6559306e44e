import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { RowsInput } from "../../increment.ts";
import { ownerOf, type SetOwner } from "../increment/set-owner.ts";
import { isFileRows } from "../staging/stage-files.ts";
import { isSqlRows } from "../staging/stage-rows.ts";
import type { StoreContext } from "../store-context.ts";
import { sampleId } from "../tables/sample-id.ts";

/** What a caller wants to be deleted. */
export type Target =
  | { readonly kind: "filter"; readonly filters: readonly string[] }
  | { readonly kind: "ids"; readonly ids: RowsInput<object> }
  | { readonly kind: "set"; readonly owner: SetOwner };

/** Tells the forms apart in which samples to delete are named; refuses all else. */
export function readTarget(store: StoreContext, feature: AnyFeature, which: unknown): Target {
  if (typeof which === "string") return { kind: "filter", filters: [which] };
  const owner = ownerOf(which);
  if (owner !== undefined) return { kind: "set", owner: assertUsable(store, feature, owner) };
  if (typeof which !== "object" || which === null) throw invalidTarget(feature);
  // An empty list deletes nothing: a list that a program computed must not mean all samples.
  if (Array.isArray(which) && which.length > 0 && which.every((item) => typeof item === "string"))
    return { kind: "filter", filters: which };
  if (Symbol.iterator in which || Symbol.asyncIterator in which)
    return { kind: "ids", ids: idsOf(feature, which as Iterable<unknown> | AsyncIterable<unknown>) };
  const isIdColumn = Object.keys(which).some((name) => feature.spec.idColumns.includes(name));
  if (!isIdColumn && (isSqlRows(which) || isFileRows(which))) return { kind: "ids", ids: which };
  return { kind: "ids", ids: [idOf(feature, which, "The id")] };
}

function assertUsable(store: StoreContext, feature: AnyFeature, owner: SetOwner): SetOwner {
  const { kind } = owner;
  const isOfFeature =
    owner.feature.key === feature.key && owner.feature.featureVersion === feature.featureVersion;
  if (!isOfFeature || owner.store !== store) {
    const other = isOfFeature ? `another store (${owner.store.database})` : owner.feature.key;
    throw new InputError(
      "unusable-set",
      `increment.${kind} is a set of ${other}, and rows of ${feature.key} in ${store.database} are to be deleted. Resolve ${feature.key} in this store, and pass a set of that increment.`,
      { feature: feature.key, set: kind, of: owner.feature.key, database: owner.store.database },
    );
  }
  if (kind === "new") {
    throw new InputError(
      "unusable-set",
      `increment.new of ${feature.key} has no stored samples, so there is nothing to delete. Pass increment.orphaned, increment.stale, a filter or ids.`,
      { feature: feature.key, set: kind },
    );
  }
  return owner;
}

async function* idsOf(
  feature: AnyFeature,
  given: Iterable<unknown> | AsyncIterable<unknown>,
): AsyncGenerator<object> {
  let number = 0;
  for await (const one of given) yield idOf(feature, one, `Id ${++number}`);
}

function idOf(feature: AnyFeature, given: unknown, what: string): object {
  if (typeof given !== "object" || given === null) throw invalidTarget(feature);
  const hint = (column: string) =>
    ` A filter such as "${column} IS NULL" names samples in another way; a set of an increment is passed as it is.`;
  return sampleId(feature, given, what, hint);
}

function invalidTarget(feature: AnyFeature): InputError {
  return new InputError(
    "wrong-type",
    `delete takes a filter, ids or a set of an increment. A filter is a string or a list of strings, an id of ${feature.key} is an object with ${feature.spec.idColumns.join(", ")}.`,
    { feature: feature.key },
  );
}
