import { compareKeys, compareText } from "../source/compare-text.ts";
import type { Manifest, ManifestFeature } from "./manifest.ts";

/**
 * Prints a manifest as it is committed: sorted, with a line for each field, column and dep, so that a pull request
 * shows what changed, and git merges edits of different lines.
 */
export function printManifest({ features, ...head }: Manifest): string {
  const blocks = Object.entries(features)
    .sort(([a], [b]) => compareKeys(a, b))
    .map(([key, feature]): Member => [key, printFeature(feature)]);
  return `${objectBlock([...members(head), ["features", objectBlock(blocks, 1)]], 0)}\n`;
}

/** The text of each entry: an entry that came from a cache, or was put into one, is not printed again. */
const printed = new WeakMap<ManifestFeature, string>();

/** Prints the entry of a feature. */
export function printFeature(feature: ManifestFeature): string {
  const text = printed.get(feature) ?? featureBlock(feature);
  printed.set(feature, text);
  return text;
}

/** Reads an entry from the text that {@link printFeature} made of it. */
export function readFeature(text: string): ManifestFeature {
  const feature: ManifestFeature = JSON.parse(text);
  printed.set(feature, text);
  return feature;
}

function featureBlock({ deps, fields, columns, ...head }: ManifestFeature): string {
  return objectBlock(
    [
      ...members(head),
      ["deps", block("[", deps.map(inline), "]", 3)],
      ["fields", objectBlock(sortedMembers(fields), 3)],
      ["columns", objectBlock(sortedMembers(columns), 3)],
    ],
    2,
  );
}

/** A property with its value as text. */
type Member = readonly [name: string, text: string];

function members(values: object): Member[] {
  return Object.entries(values).map(([name, value]) => [name, inline(value)]);
}

function sortedMembers(values: object): Member[] {
  return members(values).sort(([a], [b]) => compareText(a, b));
}

function objectBlock(entries: readonly Member[], depth: number): string {
  return block("{", entries.map(property), "}", depth);
}

function block(open: string, entries: readonly string[], close: string, depth: number): string {
  if (entries.length === 0) return open + close;
  const indent = "  ".repeat(depth);
  return `${open}\n${entries.map((entry) => `${indent}  ${entry}`).join(",\n")}\n${indent}${close}`;
}

function property([name, text]: Member): string {
  return `${JSON.stringify(name)}: ${text}`;
}

/** A JSON value on one line, with spaces inside of braces. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = members(value).map(property);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
