import { suggest } from "../diagnostics/suggest.ts";
import type { Problem } from "../output/index.ts";
import { compareText } from "../source/compare-text.ts";

/** What is wrong with a key that no spec has, and which one is meant: a near one, or one that ends like it. */
export function unknownFeature(key: string, known: readonly string[]): Problem {
  const sorted = [...known].sort(compareText);
  const message = `${JSON.stringify(key)} is not a feature of this project.`;
  const tails = sorted.filter((candidate) => candidate.endsWith(`/${key}`));
  const meant =
    tails.length > 0 ? tails : [suggest(key, sorted) ?? nearTail(key, sorted)].flatMap((near) => near ?? []);
  if (meant.length > 0) return { message, hint: `Did you mean ${meant.join(" or ")}?` };
  return { message, hint: sorted.length === 0 ? "It has none." : `Known: ${listed(sorted)}.` };
}

/** A key whose last part is near. */
function nearTail(key: string, known: readonly string[]): string | undefined {
  const tails = new Map(
    known.map((candidate) => [candidate.slice(candidate.lastIndexOf("/") + 1), candidate]),
  );
  const near = suggest(key, tails.keys());
  return near === undefined ? undefined : tails.get(near);
}

const mostListed = 10;

function listed(keys: readonly string[]): string {
  const more = keys.length > mostListed ? ` and ${keys.length - mostListed} more` : "";
  return keys.slice(0, mostListed).join(", ") + more;
}
