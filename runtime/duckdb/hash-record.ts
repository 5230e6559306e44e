import { recordedAlgorithm } from "../engine/tables/meta-table.ts";
import { InputError, StoreError } from "../errors.ts";
import { type HashAlgorithm, hashAlgorithms } from "../hash-algorithm.ts";
import type { Session } from "./session.ts";

/**
 * The hash algorithm of a store: what it has recorded, else the option, else md5 for a store without features.
 *
 * Strings of different algorithms look alike and never match, so a store whose algorithm is not known is refused.
 */
export async function storeAlgorithm(
  session: Session,
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
  if (!(await holdsFeatures(session))) return "md5";
  throw new StoreError(
    "hash-unknown",
    `${session.database} holds features that another program wrote, and does not say how their samples are hashed. Say it: openStore(path, { hash: "md5" }), or one of ${hashAlgorithms.join(", ")}; it must be what that program uses.`,
    { database: session.database },
  );
}

async function holdsFeatures(session: Session): Promise<boolean> {
  const [found] = await session.rows(
    `SELECT count(*) AS tables FROM duckdb_columns()
     WHERE database_name = current_database() AND column_name = 'metaxy_provenance_by_field'`,
  );
  return Number(found?.["tables"] ?? 0) > 0;
}
