import type { HashAlgorithm } from "../hash-algorithm.ts";
import type { Session } from "./session.ts";

/** SQL of each algorithm over `text`. The decimal ones print the unsigned number. */
const expressions: { readonly [algorithm in HashAlgorithm]: string } = {
  md5: "md5(text)",
  sha256: "sha256(text)",
  xxhash64: "xxh64(text)::VARCHAR",
  xxhash32: "xxh32(text)::VARCHAR",
};

/** Whether an algorithm comes with DuckDB, or with its extension `hashfuncs`. */
export function needsExtension(algorithm: HashAlgorithm): boolean {
  return algorithm.startsWith("xxhash");
}

/**
 * Defines the macros that plans use, for one session.
 *
 * - `stemma_hash(text)`: the hash, its first `hashLength` characters.
 * - `stemma_ordered_concat(order, value)`: the values of a group in the order of `order`, joined by `|`, nulls left out.
 */
export async function defineMacros(
  session: Session,
  algorithm: HashAlgorithm,
  hashLength: number,
): Promise<void> {
  const hash = expressions[algorithm];
  await session.run(
    `CREATE OR REPLACE TEMP MACRO stemma_hash(text) AS ${hashLength >= 64 ? hash : `left(${hash}, ${hashLength})`};
     CREATE OR REPLACE TEMP MACRO stemma_ordered_concat(rank, item) AS
       coalesce(array_to_string(list_transform(
         list_sort(list({ 'rank': rank, 'item': item }) FILTER (item IS NOT NULL), 'ASC', 'NULLS LAST'),
         lambda entry: entry.item), '|'), '')`,
  );
}
