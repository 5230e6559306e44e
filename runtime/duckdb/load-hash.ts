import { StoreError } from "../errors.ts";
import { type HashAlgorithm, needsExtension } from "./sample-hash.ts";
import type { Session } from "./session.ts";

/** Loads what an algorithm needs beyond DuckDB itself. */
export async function loadHash(session: Session, algorithm: HashAlgorithm): Promise<void> {
  if (!needsExtension(algorithm)) return;
  try {
    await session.run("LOAD hashfuncs");
  } catch (error) {
    throw new StoreError(
      "hash-unavailable",
      `${session.database} hashes with ${algorithm}, which needs DuckDB's extension hashfuncs, and it can't be loaded. Install it once with "INSTALL hashfuncs FROM community" in DuckDB.`,
      { algorithm },
      error,
    );
  }
}
