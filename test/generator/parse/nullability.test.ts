import fc from "fast-check";
import { expect, test } from "vitest";
import { printableColumn } from "../../../generator/emit/printable-column.ts";
import type { CheckStep } from "../../../runtime/contract.ts";
import { refusesNull } from "../../../runtime/dialect/located-check.ts";
import { arbitrarySchema } from "../../oracle/arbitrary-schema.ts";
import { buildSpec, text } from "../../support/build-spec.ts";
import { compileSpecs } from "../../support/compile-specs.ts";

type Printable = Readonly<Record<string, unknown>>;

/** Places inside a value, and whether its TypeScript type has null there; those in JSON apart from the first. */
function* nullsOfType(
  schema: Printable,
  members: readonly { readonly name: string }[],
  at: readonly CheckStep[],
): Iterable<readonly [string, boolean]> {
  const shapes = alternatives(schema).filter((shape) => shape["type"] !== "null");
  const [shape] = shapes;
  // Several shapes are JSON, where no place is typed by itself.
  if (shapes.length !== 1 || shape === undefined) return;
  const inner = function* (part: unknown, step: CheckStep): Iterable<readonly [string, boolean]> {
    const schema = part as Printable;
    yield [JSON.stringify([...at, step]), takesNull(schema)];
    yield* nullsOfType(schema, members, [...at, step]);
  };
  if (shape["items"] !== undefined) yield* inner(shape["items"], { each: "item" });
  const { properties, additionalProperties: further } = shape;
  if (properties === undefined && typeof further === "object") yield* inner(further, { each: "value" });
  for (const [placeholder, member] of Object.entries((properties ?? {}) as object)) {
    yield* inner(member, members[Number(placeholder.slice(1))]?.name ?? "");
  }
}

function alternatives(schema: Printable): Printable[] {
  return Array.isArray(schema["anyOf"]) ? (schema["anyOf"] as Printable[]).flatMap(alternatives) : [schema];
}

function takesNull(schema: Printable): boolean {
  if (schema["tsType"] === "unknown") return true;
  const listed = schema["enum"];
  if (Array.isArray(listed)) return listed.includes(null);
  return alternatives(schema).some(
    (shape) =>
      shape["type"] === "null" ||
      shape["tsType"] === "unknown" ||
      (Array.isArray(shape["enum"]) && shape["enum"].includes(null)),
  );
}

test("null is refused inside a column just where its TypeScript type has none", () => {
  let places = 0;
  fc.assert(
    fc.property(arbitrarySchema, (schema) => {
      const { model } = compileSpecs([buildSpec("f", { columns: { id: text, x: schema }, ids: ["id"] })], {
        hashLength: 64,
      });
      const column = model.features[0]?.spec.columns.find(({ name }) => name === "x");
      if (column === undefined) throw new Error("The column is lost");
      if (column.type.kind === "json") return;
      const present = new Set(column.constraints.filter(refusesNull).map(({ at }) => JSON.stringify(at)));
      const printable = printableColumn({ ...column, nullable: false });
      for (const [at, hasNull] of nullsOfType(printable.schema, printable.members, [])) {
        if (isInJson(column.type, JSON.parse(at) as CheckStep[])) continue;
        places += 1;
        expect(present.has(at), `${at} of ${JSON.stringify(schema)}`).toBe(!hasNull);
      }
    }),
    { numRuns: 400 },
  );
  expect(places).toBeGreaterThan(200);
});

/** Whether a place lies inside a part that is stored as JSON. */
function isInJson(type: { readonly kind: string }, steps: readonly CheckStep[]): boolean {
  let part = type as Record<string, unknown> & { readonly kind: string };
  for (const step of steps) {
    if (part.kind === "json") return true;
    const members = part["members"] as { name: string; type: typeof part }[] | undefined;
    part = (members?.find(({ name }) => name === step)?.type ??
      part["items"] ??
      part["values"]) as typeof part;
  }
  return false;
}
