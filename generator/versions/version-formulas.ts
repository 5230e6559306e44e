import { compareText } from "../source/compare-text.ts";

/** Hashes a text, cut to the project's hash length. */
export type Hash = (text: string) => string;

/** What a field version is hashed over. */
export interface FieldParts {
  readonly feature: string;
  readonly field: string;
  readonly codeVersion: string;
  /** Versions of its parents, in the order of their full names. */
  readonly parents: readonly string[];
}

/** Hashes a field version. */
export function fieldVersion(hash: Hash, { feature, field, codeVersion, parents }: FieldParts): string {
  return hash(`${feature}.${field}${codeVersion}${parents.join("")}`);
}

/** Hashes a feature version or a code version: over the texts of its fields, ordered by key. */
export function versionOverFields(
  hash: Hash,
  fields: Iterable<readonly [key: string, text: string]>,
): string {
  const byKey = [...fields].sort(([a], [b]) => compareText(a, b));
  return hash(byKey.map(([key, text]) => key + text).join(""));
}
