import type { CliError } from "../diagnostics/cli-error.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { compareText } from "../source/compare-text.ts";

/** The error of a key that no spec has. It suggests a similar key, or one with the same last part. */
export function unknownFeature(key: string, known: readonly string[]): CliError {
  const sorted = [...known].sort(compareText);
  const message = `${JSON.stringify(key)} is not a feature of this project.`;
  const tails = sorted.filter((candidate) => candidate.endsWith(`/${key}`));
  const suggestions =
    tails.length > 0
      ? tails
      : [suggest(key, sorted) ?? similarTail(key, sorted)].flatMap((similar) => similar ?? []);
  if (suggestions.length > 0)
    return { code: "feature-unknown", message, hint: `Did you mean ${suggestions.join(" or ")}?` };
  return {
    code: "feature-unknown",
    message,
    hint: sorted.length === 0 ? "It has no features." : `Known: ${listed(sorted)}.`,
  };
}

/** A key whose last part is similar. */
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
