import { suggest } from "../diagnostics/suggest.ts";
import type { Problem } from "../project/output/index.ts";
import { compareText } from "../source/compare-text.ts";

/** What is wrong with a key that no spec has, and which one is meant: a near one, or one that ends like it. */
export function unknownFeature(key: string, known: readonly string[]): Problem {
  const sorted = [...known].sort(compareText);
  const message = `${JSON.stringify(key)} is not a feature of this project.`;
  const tails = sorted.filter((candidate) => candidate.endsWith(`/${key}`));
  const suggestions =
    tails.length > 0
      ? tails
      : [suggest(key, sorted) ?? similarTail(key, sorted)].flatMap((similar) => similar ?? []);
  if (suggestions.length > 0) return { message, hint: `Did you mean ${suggestions.join(" or ")}?` };
  return { message, hint: sorted.length === 0 ? "It has none." : `Known: ${listed(sorted)}.` };
}

/** A key whose last part is near. */
function similarTail(key: string, known: readonly string[]): string | undefined {
  const tails = new Map(
    known.map((candidate) => [candidate.slice(candidate.lastIndexOf("/") + 1), candidate]),
  );
  const similar = suggest(key, tails.keys());
  return similar === undefined ? undefined : tails.get(similar);
}

const maxListed = 10;

function listed(keys: readonly string[]): string {
  const more = keys.length > maxListed ? ` and ${keys.length - maxListed} more` : "";
  return keys.slice(0, maxListed).join(", ") + more;
}
