import { createHash } from "node:crypto";

/** The key under which a kind of text is kept that depends on `facts`, which are JSON, and on nothing else. */
export function cacheKey(kind: string, ...facts: readonly unknown[]): string {
  return `${kind} ${createHash("sha256").update(JSON.stringify(facts)).digest("base64url")}`;
}
