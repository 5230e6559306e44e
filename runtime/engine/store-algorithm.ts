import { InputError, StoreError } from "../errors.ts";
import { type HashAlgorithm, hashAlgorithms } from "../hash-algorithm.ts";
import type { EngineSession } from "./engine.ts";
import { recordedAlgorithm } from "./tables/meta-table.ts";

/**
 * The hash algorithm of a store: what it has recorded, else the option, else md5 for a store without features.
 *
 * Strings of different algorithms look alike and never match, so a store whose algorithm is not known is refused.
 */
export async function storeAlgorithm(
  session: EngineSession,
  requested: HashAlgorithm | undefined,
): Promise<HashAlgorithm> {
  const algorithm = await ownAlgorithm(session, requested);
  for (const { database, schema } of session.fallbacks) {
    const recorded = await recordedAlgorithm(session, schema);
    if (recorded === undefined || recorded === algorithm) continue;
    throw new StoreError(
      "hash-mismatch",
      `The fallback ${database} hashes samples with ${recorded}, and ${session.database} with ${algorithm}: all that is computed from it would be stale. Make this store with { hash: "${recorded}" }.`,
      { database, recorded, wanted: algorithm },
    );
  }
  return algorithm;
}

async function ownAlgorithm(
  session: EngineSession,
  requested: HashAlgorithm | undefined,
): Promise<HashAlgorithm> {
  if (requested !== undefined && !hashAlgorithms.includes(requested)) {
    throw new InputError(
      "unknown-option",
      `hash is ${JSON.stringify(requested)}, and there are ${hashAlgorithms.join(", ")}.`,
      { hash: requested },
    );
  }
  const recorded = await recordedAlgorithm(session);
  if (recorded !== undefined && requested !== undefined && recorded !== requested) {
    throw new StoreError(
      "hash-mismatch",
      `${session.database} hashes its samples with ${recorded}, not with ${requested}. Leave the hash option out, or open another store.`,
      { database: session.database, recorded, wanted: requested },
    );
  }
  const algorithm = recorded ?? requested;
  if (algorithm !== undefined) return algorithm;
  if (!(await session.catalog.hasColumn("metaxy_provenance_by_field"))) return "md5";
  throw new StoreError(
    "hash-unknown",
    `${session.database} holds features that another program wrote, and does not say how their samples are hashed. Say it: openStore(path, { hash: "md5" }), or one of ${hashAlgorithms.join(", ")}; it must be what that program uses.`,
    { database: session.database },
  );
}
