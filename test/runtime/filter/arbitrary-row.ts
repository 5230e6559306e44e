import fc from "fast-check";
import type { ModelRow } from "./model-filter.ts";

export const text: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "",
    "a",
    "A",
    "b",
    "it's",
    "''",
    'say "x"',
    "x'; DROP TABLE t; --",
    "a\\",
    "a\\'",
    "%",
    "null",
  ),
  fc.constantFrom("é", "Ω", "\uFFFD", "\u{1F600}", "a\nb", "a\tb", "\0", "a\0b", "$1", "/* */", "`"),
  fc.string({ unit: "grapheme", maxLength: 4 }),
);

const integers = [
  0n,
  1n,
  2n,
  -5n,
  10n,
  1000n,
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];

export const number: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...integers.map(String),
    "9.5",
    "-.5",
    ".5",
    "0.1",
    "1e3",
    "1E+3",
    "25e-1",
    "1.",
    "-0",
    "0.0",
  ),
  fc.constantFrom(
    "9007199254740992.5",
    "-9007199254740992.5",
    "9223372036854775807.5",
    "-9223372036854775808.5",
  ),
  fc.constantFrom("9223372036854775808", "-9223372036854775809", "1e30", "-1e30", "1e-30", "1e19", "-9.3e18"),
  fc.integer({ min: -12, max: 12 }).map(String),
);

const double = fc.oneof(
  fc.constantFrom(
    0,
    0.1,
    0.5,
    -0.5,
    1,
    2.5,
    9.5,
    1000,
    2 ** 53,
    -1e30,
    1e30,
    1e-30,
    Number.POSITIVE_INFINITY,
    Number.NaN,
  ),
  fc.double(),
);

export const day: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("2026-01-31", "2026-02-01", "1969-12-31", "2024-02-29", "0001-01-01", "9999-12-31"),
  fc
    .date({ min: new Date("1900-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
);

export const microseconds: fc.Arbitrary<bigint> = fc.oneof(
  fc.constantFrom(0n, -1n, 1769817600000000n, 1769817600000001n, 1772280000123456n),
  fc.bigInt({ min: -(10n ** 15n), max: 10n ** 16n }),
);

export const uuid: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
  fc.uuid(),
);

const nullable = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { freq: 4 });

/** Any row. */
export const arbitraryRow: fc.Arbitrary<ModelRow> = fc.record({
  txt: nullable(text),
  other: nullable(text),
  num: nullable(fc.oneof(fc.constantFrom(...integers), fc.bigInt({ min: -12n, max: 12n }))),
  dbl: nullable(double),
  ok: nullable(fc.boolean()),
  day: nullable(day),
  at: nullable(microseconds),
  uid: nullable(uuid),
  meta: nullable(
    fc.record({
      size: nullable(fc.constantFrom(...integers)),
      in: nullable(fc.record({ ok: nullable(fc.boolean()) })),
    }),
  ),
});
