import fc from "fast-check";
import { day, microseconds, number, text, uuid } from "./arbitrary-row.ts";
import type { ModelFilter, ModelRow, ModelTerm, Value, WritingStyle } from "./model-filter.ts";

/** Terms that compare with each other: columns first, then literals. */
interface Family {
  /** Whether its literals mean the same without a column beside them. */
  readonly literalsAlone: boolean;
  readonly columns: fc.Arbitrary<ModelTerm>;
  readonly literals: fc.Arbitrary<ModelTerm>;
}

const booleanColumns = [
  column("ok", (row) => row.ok),
  column('"meta"."in".ok', (row) => row.meta?.in?.ok ?? null),
];

const booleanLiterals = [literal("TRUE", true), literal("false", false)];

const families: readonly Family[] = [
  {
    literalsAlone: true,
    columns: fc.constantFrom(
      column("txt", (row) => row.txt),
      column('"other ""x"".y"', (row) => row.other),
    ),
    literals: text.map((value) => literal(`'${value.replaceAll("'", "''")}'`, value)),
  },
  {
    literalsAlone: true,
    columns: fc.constantFrom(
      column("num", (row) => row.num),
      column("dbl", (row) => row.dbl),
      column("meta.size", (row) => row.meta?.size ?? null),
    ),
    literals: number.map((decimal) => literal(decimal, { decimal })),
  },
  {
    literalsAlone: true,
    columns: fc.constantFrom(...booleanColumns),
    literals: fc.constantFrom(...booleanLiterals),
  },
  {
    literalsAlone: false,
    columns: fc.constant(column("day", (row) => row.day)),
    literals: day.map((value) => literal(`'${value}'`, value)),
  },
  {
    literalsAlone: false,
    columns: fc.constant(column("at", (row) => row.at)),
    literals: fc
      .tuple(microseconds, fc.integer({ min: -14 * 60, max: 14 * 60 }), fc.boolean())
      .map(instantLiteral),
  },
  {
    literalsAlone: false,
    columns: fc.constant(column("uid", (row) => row.uid)),
    literals: fc
      .tuple(uuid, fc.boolean())
      .map(([value, upper]) => literal(`'${upper ? value.toUpperCase() : value}'`, value)),
  },
];

const nullLiteral = literal("Null", null);

const truths: fc.Arbitrary<ModelFilter> = fc
  .constantFrom(...booleanColumns, ...booleanLiterals)
  .map((term) => ({ kind: "truth", term }));

/** Any filter over the rows. */
export const arbitraryFilter: fc.Arbitrary<ModelFilter> = fc.letrec<{ filter: ModelFilter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(...families.map(conditionsOf), truths),
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const),
      operands: fc.array(tie("filter"), { minLength: 2, maxLength: 4 }),
    }),
    fc.record({ kind: fc.constant("not" as const), operand: tie("filter") }),
  ),
})).filter;

/** Any way to write one. */
export const arbitraryStyle: fc.Arbitrary<WritingStyle> = fc.record({
  keyword: fc.constantFrom(
    (word: string) => word.toUpperCase(),
    (word: string) => word,
    (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1),
  ),
  enclosed: fc.boolean(),
  space: fc.constantFrom(" ", "\n\t"),
});

function conditionsOf({ literalsAlone, columns, literals }: Family): fc.Arbitrary<ModelFilter> {
  const any = fc.oneof(
    { arbitrary: columns, weight: 5 },
    { arbitrary: literals, weight: 5 },
    { arbitrary: fc.constant(nullLiteral), weight: 1 },
  );
  const value = fc.oneof(
    { arbitrary: literals, weight: 8 },
    { arbitrary: fc.constant(nullLiteral), weight: 1 },
  );
  return fc.oneof(
    {
      arbitrary: fc
        .record({
          kind: fc.constant("comparison" as const),
          operator: fc.constantFrom("=", "!=", "<>", "<", ">", "<=", ">="),
          sides: fc.oneof(
            fc.tuple(columns, any),
            fc.tuple(any, columns),
            fc.tuple(literalsAlone ? literals : columns, literals),
          ),
        })
        .map(({ sides: [left, right], ...comparison }) => ({ ...comparison, left, right })),
      weight: 6,
    },
    {
      arbitrary: fc.record({
        kind: fc.constant("in" as const),
        negated: fc.boolean(),
        column: columns,
        values: fc.array(value, { minLength: 1, maxLength: 4 }),
      }),
      weight: 3,
    },
    {
      arbitrary: fc.record({ kind: fc.constant("is-null" as const), negated: fc.boolean(), term: any }),
      weight: 1,
    },
  );
}

function column(text: string, valueIn: (row: ModelRow) => Value): ModelTerm {
  return { text, isNull: false, valueIn };
}

function literal(text: string, value: Value): ModelTerm {
  return { text, isNull: value === null, valueIn: () => value };
}

/** An instant as the clock of an offset shows it; without one, as that of UTC does. */
function instantLiteral([us, offset, plain]: readonly [bigint, number, boolean]): ModelTerm {
  const minutes = plain ? 0 : offset;
  const fraction = ((us % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const clock = new Date(Number((us - fraction) / 1000n) + minutes * 60_000).toISOString().slice(0, 19);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  const suffix = plain ? "" : `${minutes < 0 ? "-" : "+"}${hours}:${rest}`;
  return literal(`'${clock}.${String(fraction).padStart(6, "0")}${suffix}'`, us);
}
