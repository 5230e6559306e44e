import { declaredType } from "../../columns/parsed-columns.ts";
import { isNamedByFormat } from "../../columns/scalar-types.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { AnyRow, WorkItem } from "./work-items.ts";

/** What became of a work item in a call: its output rows, or an error. */
export type ItemOutcome =
  | { readonly requested: AnyRow; readonly rows: readonly AnyRow[] }
  | { readonly requested: AnyRow; readonly error: unknown };

/**
 * Assigns the outputs of a call to its work items, by their grain columns. A single work item gets all of them, and fills
 * in grain columns that they lack.
 *
 * @throws InputError if an output belongs to none of the work items, and it is not clear which of them it should answer:
 *   calls with fewer items tell.
 */
export function assignOutputs(
  feature: AnyFeature,
  items: readonly WorkItem[],
  outputs: readonly unknown[],
): readonly ItemOutcome[] {
  const [first] = items;
  const assigned =
    items.length === 1 && first !== undefined
      ? [{ requested: first.requested, rows: outputs.map((row) => outputOf(feature, first, row)) }]
      : assignByGrain(feature, items, outputs);
  return assigned.map((outcome) =>
    "rows" in outcome && outcome.rows.length > 1 && feature.plan.traits.outputs === "one"
      ? {
          requested: outcome.requested,
          error: severalOutputs(feature, outcome.requested, outcome.rows.length),
        }
      : outcome,
  );
}

/** An output of a single work item, with its grain columns. */
function outputOf(feature: AnyFeature, { requested }: WorkItem, output: unknown): AnyRow {
  const row = { ...objectOf(feature, output) };
  for (const column of feature.plan.grain) {
    const expected = requested[column];
    row[column] ??= row[column] === undefined ? expected : null;
    // A time or UUID has several texts: the write checks whether it is in the increment.
    if (isPlain(feature, column) && row[column] !== expected) throw otherItem(feature, column, expected, row);
  }
  return row;
}

function assignByGrain(
  feature: AnyFeature,
  items: readonly WorkItem[],
  outputs: readonly unknown[],
): readonly ItemOutcome[] {
  const { grain, traits } = feature.plan;
  const keyOf = grainKey(feature);
  const outcomes = items.map(({ requested }) => ({ requested, rows: [] as AnyRow[] }));
  const rowsByKey = new Map(outcomes.map(({ requested, rows }) => [keyOf(requested), rows]));
  let unassigned: InputError | undefined;
  for (const output of outputs) {
    const row = objectOf(feature, output);
    const missing = grain.find((column) => row[column] === undefined);
    const rows = missing === undefined ? rowsByKey.get(keyOf(row)) : undefined;
    if (rows !== undefined) rows.push(row);
    else
      unassigned ??= missing === undefined ? noItem(feature, items, row) : noGrain(feature, items, missing);
  }
  if (unassigned === undefined) return outcomes;
  const isOne = traits.outputs === "one";
  const isAtFault = ({ rows }: { rows: readonly AnyRow[] }) => !isOne || rows.length === 0;
  // Fewer items in a call would make up for a grain that is missing, and need as many calls as there are items.
  const isKnown = unassigned.code === "missing-column" || (isOne && grain.every((c) => isPlain(feature, c)));
  if (!isKnown || !outcomes.some(isAtFault)) throw unassigned;
  return outcomes.map((outcome) =>
    isAtFault(outcome) ? { requested: outcome.requested, error: unassigned } : outcome,
  );
}

function objectOf({ key }: AnyFeature, output: unknown): Record<string, unknown> {
  if (typeof output === "object" && output !== null && !Array.isArray(output))
    return output as Record<string, unknown>;
  const what = output === null ? "null" : Array.isArray(output) ? "a list" : typeof output;
  throw new InputError(
    "wrong-type",
    `The worker of ${key} returned ${what} among its outputs. Each is a row: an object.`,
    { feature: key },
  );
}

/** Reads the grain of a row as text. Values of plain types are compared by their text alone, which is cheap. */
function grainKey(feature: AnyFeature): (row: AnyRow) => string {
  const readers = feature.plan.grain.map((column) => {
    const read = isPlain(feature, column) ? String : comparable;
    return (row: AnyRow) => read(row[column]);
  });
  const [first] = readers;
  if (readers.length === 1 && first !== undefined) return first;
  return (row) => readers.map((read) => read(row)).join("\0");
}

/** A value as text that is the same for other spellings of it; those that it does not know are told apart by smaller calls. */
function comparable(value: unknown): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : timeText(value.toISOString());
  return typeof value === "string" ? timeText(value) : String(value);
}

/** A time in UTC without zeros at its end. */
function timeText(text: string): string {
  return text
    .replace(/^(\d{4,}-\d\d-\d\d)T00:00:00(\.0*)?Z$/, "$1")
    .replace(/(:\d\d)(\.\d*?)0*Z$/, "$1$2Z")
    .replace(/\.Z$/, "Z");
}

/** Whether equal values of a column are equal in JavaScript. */
function isPlain({ spec }: AnyFeature, column: string): boolean {
  const type = declaredType(spec.columns, column);
  return type.kind === "scalar" && !isNamedByFormat(type.name);
}

function otherItem({ key }: AnyFeature, column: string, expected: unknown, row: AnyRow): InputError {
  return new InputError(
    "not-in-increment",
    `The worker was asked for ${column} = ${String(expected)} of ${key} and returned a row for ${String(row[column])}. Return the rows of the work item that it was given.`,
    { feature: key, column, value: row[column] },
  );
}

function noItem({ key, plan }: AnyFeature, items: readonly WorkItem[], row: AnyRow): InputError {
  const id = plan.grain.map((column) => `${column} = ${String(row[column])}`).join(", ");
  return new InputError(
    "not-in-increment",
    `The worker was given ${items.length} work items of ${key} and returned a row for ${id}, which is none of them. Return rows of the work items that it was given.`,
    { feature: key, id: Object.fromEntries(plan.grain.map((column) => [column, row[column]])) },
  );
}

function noGrain({ key, plan }: AnyFeature, items: readonly WorkItem[], column: string): InputError {
  return new InputError(
    "missing-column",
    `The worker was given ${items.length} work items of ${key} and returned a row without ${column}, so that it is unknown whose row it is. Each row has ${plan.grain.join(", ")} of its work item.`,
    { feature: key, column },
  );
}

function severalOutputs({ key, plan }: AnyFeature, requested: AnyRow, rows: number): InputError {
  const id = plan.grain.map((column) => `${column} = ${String(requested[column])}`).join(", ");
  return new InputError(
    "duplicate-id",
    `The worker returned ${rows} rows for ${id} of ${key}, which has one row per work item.`,
    { feature: key, rows },
  );
}
