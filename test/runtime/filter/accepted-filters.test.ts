import { describe, expect, test } from "vitest";
import { compileFilter } from "../../../runtime/filter/index.ts";
import { columnTypes, everyType, printed } from "./columns.ts";

/** Filter → SQL. */
const accepted: readonly (readonly [filter: string, sql: string])[] = [
  // operators and literals
  ["kind = 'audio'", `"kind" = 'audio'`],
  ["kind<>'audio'", `"kind" != 'audio'`],
  ["kind != ''", `"kind" != ''`],
  ["kind = 'it''s'", `"kind" = 'it''s'`],
  ["kind = 'a\nb'", String.raw`"kind" = E'a\nb'`],
  ["kind = '-- x; /* '", `"kind" = '-- x; /* '`],
  ["size>=-5", `"size" >= -5`],
  ["size > - 5", `"size" > -5`],
  ["10 < size", `"size" > 10`],
  ["'b' >= kind", `"kind" <= 'b'`],
  [
    "score < .5 OR score = 1e3 OR score > -1.5E-1",
    `"score" < DOUBLE '0.5' OR "score" = DOUBLE '1000' OR "score" > DOUBLE '-0.15'`,
  ],
  ["score = 1.", `"score" = DOUBLE '1'`],
  ["size > score AND big <= size", `"size" > "score" AND "big" <= "size"`],

  // integers, exactly
  ["size = 9007199254740993", `"size" = 9007199254740993`],
  ["big = -9223372036854775808", `"big" = -9223372036854775808`],
  [
    "size = 1e3 OR size = 25.00 OR size = 1.5e1 OR size = 500e-2",
    `"size" = 1000 OR "size" = 25 OR "size" = 15 OR "size" = 5`,
  ],
  [
    "size > 9.5 OR size >= 9.5 OR size < 9.5 OR size <= 9.5",
    `"size" > 9 OR "size" > 9 OR "size" <= 9 OR "size" <= 9`,
  ],
  ["size > -9.5 OR -.5 >= size", `"size" > -10 OR "size" <= -1`],
  ["size > 1e-999999999", `"size" > 0`],
  ["size = 9.5", `"size" > 9223372036854775807`],
  ["size != 9.5", `"size" <= 9223372036854775807`],
  ["size < 1e30 OR size > 1e30", `"size" <= 9223372036854775807 OR "size" > 9223372036854775807`],
  ["size < -1e999999999 OR size > -1e30", `"size" > 9223372036854775807 OR "size" <= 9223372036854775807`],
  ["size >= 9223372036854775808", `"size" > 9223372036854775807`],
  ["size < 9223372036854775807.5", `"size" <= 9223372036854775807`],
  ["size >= -9223372036854775808.5", `"size" <= 9223372036854775807`],

  // lists
  ["kind IN ('a')", `"kind" IN ('a')`],
  ["kind not in ('a', NULL, 'b')", `"kind" NOT IN ('a', NULL, 'b')`],
  ["size IN (1, 2.5, 3.0, -1e30)", `"size" IN (1, 3)`],
  ["size NOT IN (2.5, 1e30)", `"size" <= 9223372036854775807`],
  ["size IN (2.5, NULL)", `"size" IN (NULL)`],
  ["ok IN (TRUE, NULL)", `"ok" IN (TRUE, NULL)`],

  // null
  ["kind IS NULL OR kind is not null", `"kind" IS NULL OR "kind" IS NOT NULL`],
  [
    "kind = NULL OR kind != NULL OR kind <> null",
    `"kind" IS NULL OR "kind" IS NOT NULL OR "kind" IS NOT NULL`,
  ],
  ["NULL = tags OR NULL != raw", `"tags" IS NULL OR "raw" IS NOT NULL`],
  ["size < NULL", "CAST(NULL AS BOOLEAN)"],
  ["NULL = NULL AND 1 != NULL AND 'a' IS NOT NULL", "TRUE AND TRUE AND TRUE"],
  ["NULL IS NOT NULL", "FALSE"],

  // booleans
  ["ok", `"ok"`],
  ["NOT ok", `NOT "ok"`],
  ["ok = True AND FALSE < ok", `"ok" = TRUE AND "ok" > FALSE`],
  ["TRUE OR false", "TRUE OR FALSE"],

  // literals among themselves
  ["1 = 2 OR 1e2 = 100 OR 0.1 < .10000000000000000000001", "FALSE OR TRUE OR TRUE"],
  ["9007199254740993 > 9007199254740992.5 AND -2 < -1.5 AND -0 = 0", "TRUE AND TRUE AND TRUE"],
  ["'a' < 'B' OR '\u{1F600}' > '\uFFFD' OR TRUE >= FALSE", "FALSE OR TRUE OR TRUE"],

  // dates, times, UUIDs
  ["day >= '2026-02-28'", `"day" >= DATE '2026-02-28'`],
  ["'2024-02-29' = day", `"day" = DATE '2024-02-29'`],
  ["at > '2026-02-28T12:00:00Z'", `"at" > TIMESTAMPTZ '2026-02-28T12:00:00Z'`],
  ["at > '2026-02-28T13:00:00+01:00'", `"at" > TIMESTAMPTZ '2026-02-28T12:00:00Z'`],
  ["at > '2026-02-28 23:30:00.120-0130'", `"at" > TIMESTAMPTZ '2026-03-01T01:00:00.12Z'`],
  [
    "at > '2026-02-28t13:00z' OR at = '2026-02-28 13:00:59+14'",
    `"at" > TIMESTAMPTZ '2026-02-28T13:00:00Z' OR "at" = TIMESTAMPTZ '2026-02-27T23:00:59Z'`,
  ],
  ["at > '2026-02-28'", `"at" > TIMESTAMPTZ '2026-02-28T00:00:00Z'`],
  ["at > '2026-02-28 12:00:00.123456000'", `"at" > TIMESTAMPTZ '2026-02-28T12:00:00.123456Z'`],
  [
    "uid IN ('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11')",
    `"uid" IN (UUID 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')`,
  ],

  // names
  [
    `"kind" = 'a' AND "video id" = 'b' AND "say ""x""" = 'c'`,
    `"kind" = 'a' AND "video id" = 'b' AND "say ""x""" = 'c'`,
  ],
  [`"and" = 1 and date = '2026-01-01'`, `"and" = 1 AND "date" = DATE '2026-01-01'`],
  ["meta.size > 1.5", `"meta.size" > DOUBLE '1.5'`],
  [`"meta.size" > 1`, `"meta.size" > DOUBLE '1'`],
  [
    `meta.in.ok AND NOT "meta"."in".ok AND "meta.in.ok"`,
    `("meta")."in"."ok" AND NOT ("meta")."in"."ok" AND ("meta")."in"."ok"`,
  ],
  ["meta.Größe > 0", `("meta")."Größe" > DOUBLE '0'`],
  ["meta.in IS NULL", `("meta")."in" IS NULL`],

  // precedence, parentheses, case, space
  ["ok OR size = 1 AND kind = 'a'", `"ok" OR "size" = 1 AND "kind" = 'a'`],
  ["(ok OR size = 1) AND kind = 'a'", `("ok" OR "size" = 1) AND "kind" = 'a'`],
  ["NOT ok AND size = 1", `NOT "ok" AND "size" = 1`],
  ["NOT (ok AND size = 1)", `NOT ("ok" AND "size" = 1)`],
  ["NOT NOT ((ok))", `NOT NOT "ok"`],
  ["NOT size = 1 AND NOT size IS NULL", `NOT "size" = 1 AND NOT "size" IS NULL`],
  ["((ok) OR (size) > ((5))) AND (kind) IN (('a'), 'b')", `("ok" OR "size" > 5) AND "kind" IN ('a', 'b')`],
  ["nOt (kind iN ('a') Or size Is Null) aNd ok", `NOT ("kind" IN ('a') OR "size" IS NULL) AND "ok"`],
  ["\t\n ok\u00a0AND\r\nok  ", `"ok" AND "ok"`],
];

describe("accepted filters", () => {
  test.each(accepted)("%s", (filter, sql) => {
    const compiled = compileFilter(filter, everyType);
    expect(compiled.ok ? printed(compiled.value) : compiled.problems).toBe(sql);
  });
});

test("a column of a name with a dot wins over a member, and members may have dots in their names", () => {
  const columns = columnTypes({
    a: 'STRUCT("b.c" BIGINT, "b" STRUCT("d" BIGINT))',
    "a.b": 'STRUCT("e" BIGINT)',
  });
  const filter = compileFilter("a.b.c = 1 AND a.b.d = 2 AND a.b.e = 3 AND a.b IS NULL", columns);
  expect(filter.ok && printed(filter.value)).toBe(
    `("a")."b.c" = 1 AND ("a")."b"."d" = 2 AND ("a.b")."e" = 3 AND "a.b" IS NULL`,
  );
});
