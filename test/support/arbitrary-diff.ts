import fc from "fast-check";
import {
  type Cause,
  type Change,
  type FeatureDiff,
  type FieldDiff,
  type ProjectChange,
  rules,
  type VersionDiff,
} from "../../generator/diff/index.ts";

/** Texts that mean something to Markdown, HTML, GitHub or mermaid, and such as nobody would write. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "@everyone",
    "</details>",
    "</summary></details><script>alert(1)</script>",
    "`",
    "``` ` ``",
    "\n```\n# Heading\n```mermaid\n",
    "[click](https://example.com)",
    "![image](//example.com/x.png)",
    "https://example.com www.example.com a@example.com",
    "fixes #12, org/repo#3, GH-7",
    "<!-- ",
    "-->",
    "a | b \\| c",
    "**bold** _it_ ~~no~~ $$x$$ $`y`$",
    "&lt;b&gt; &#64;team",
    '"]:::x; classDef x',
    "fa:fa-car",
    "1. one",
    "- two",
    "%%{init: {}}%%",
    "\u202eevil\u0000\ud800",
    "\\",
    "",
    " ",
    "é".repeat(10_000),
    "😀".repeat(5_000),
    "@a ".repeat(3_000),
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ maxLength: 20 }),
  fc.constantFrom("video/raw", "audio", "1", "schemas/a.feature.json"),
);

const version = fc.constantFrom("0123456789abcdef", "fedcba9876543210", "0123456789abcdef0");
const location = fc.record({ file: hostileText, line: fc.nat(), column: fc.nat() });
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });

const cause: fc.Arbitrary<Cause> = fc
  .record({
    path: fc.array(hostileText, { minLength: 1, maxLength: 6 }),
    rule: fc.constantFrom<Cause["rule"]>("code-version", "field-lineage", "dep-added", "field-removed"),
    from: maybe(hostileText),
    to: maybe(hostileText),
    at: maybe(location),
  })
  .map(present);

const field: fc.Arbitrary<FieldDiff> = fc
  .record({
    key: hostileText,
    status: fc.constantFrom<FieldDiff["status"]>("added", "removed", "direct", "indirect", "unchanged"),
    before: maybe(version),
    after: maybe(version),
    causes: fc.array(cause, { maxLength: 12 }),
  })
  .map(present);

const change: fc.Arbitrary<Change> = fc
  .record({
    rule: fc.constantFrom(...(Object.keys(rules) as Change["rule"][])),
    severity: fc.constantFrom<Change["severity"]>("error", "warning", "info"),
    message: hostileText,
    recompute: fc.constant<Change["recompute"]>("none"),
    types: fc.constantFrom<Change["types"]>("none", "breaking"),
    subject: maybe(hostileText),
    at: maybe(location),
    fingerprint: fc.constant("f"),
    acknowledged: fc.boolean(),
    reason: maybe(hostileText),
  })
  .map(present);

const rows: fc.Arbitrary<NonNullable<FeatureDiff["rows"]>> = fc
  .record({
    workItem: maybe(hostileText),
    new: fc.nat(),
    stale: fc.nat(),
    orphaned: fc.nat(),
    upToDate: fc.nat(),
    upperBound: maybe(fc.constant(true as const)),
    incomplete: maybe(fc.constant(true as const)),
    assumes: maybe(fc.array(hostileText, { minLength: 1, maxLength: 3 })),
    misfits: maybe(
      fc.array(
        fc.record({
          column: hostileText,
          rule: fc.constantFrom("required", "enum", "pattern"),
          rows: fc.integer({ min: 1 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    ),
  })
  .map(present);

const tableStep: fc.Arbitrary<NonNullable<FeatureDiff["table"]>["steps"][number]> = fc.oneof(
  fc.record({
    kind: fc.constant("blocked" as const),
    column: hostileText,
    from: hostileText,
    to: hostileText,
    rows: fc.nat(),
    storedRows: fc.nat(),
    converts: fc.boolean(),
    rowsToWriteAgain: fc.nat(3),
  }),
  fc.record({
    kind: fc.constant("change-type" as const),
    column: hostileText,
    from: hostileText,
    to: hostileText,
  }),
  fc.record({
    kind: fc.constant("copy-column" as const),
    column: hostileText,
    from: hostileText,
    type: hostileText,
  }),
  fc.record({ kind: fc.constant("add-column" as const), column: hostileText, type: hostileText }),
  fc.record({
    kind: fc.constant("add-fields" as const),
    fields: fc.array(hostileText, { minLength: 1, maxLength: 3 }),
  }),
);

const feature: fc.Arbitrary<FeatureDiff> = fc
  .record({
    key: hostileText,
    status: fc.constantFrom<FeatureDiff["status"]>(
      "added",
      "removed",
      "direct",
      "indirect",
      "metadataOnly",
      "unchanged",
    ),
    recompute: fc.constantFrom<FeatureDiff["recompute"]>("none", "orphans", "some", "all"),
    types: fc.constantFrom<FeatureDiff["types"]>("none", "additive", "breaking"),
    before: maybe(state()),
    after: maybe(state()),
    fields: fc.array(field, { maxLength: 5 }),
    changes: fc.array(change, { maxLength: 5 }),
    pruned: fc.array(
      fc.record({ upstream: hostileText, moved: fc.array(hostileText), reads: fc.array(hostileText) }),
      { maxLength: 2 },
    ),
    embedsChanged: fc.array(hostileText, { maxLength: 3 }),
    blockedBy: maybe(
      fc.record({
        features: fc.array(hostileText, { maxLength: 8 }),
        appearsAs: fc.constantFrom<"orphaned" | "stale">("orphaned", "stale"),
      }),
    ),
    revertOf: maybe(fc.record({ ref: hostileText })),
    renamedFrom: maybe(hostileText),
    assumes: maybe(fc.array(hostileText, { minLength: 1, maxLength: 3 })),
    rows: maybe(rows),
    table: maybe(fc.record({ steps: fc.array(tableStep, { minLength: 1, maxLength: 4 }) })),
  })
  .map(present);

function state(): fc.Arbitrary<NonNullable<FeatureDiff["after"]>> {
  return fc.record({
    featureVersion: version,
    definitionVersion: version,
    name: hostileText,
    spec: hostileText,
    upstream: fc.array(hostileText, { maxLength: 4 }),
  });
}

/** Diffs of the right shape whose parts need not fit together, full of hostile texts. */
export const hostileDiff: fc.Arbitrary<VersionDiff> = fc
  .record({
    features: fc.uniqueArray(feature, { selector: ({ key }) => key, maxLength: 8 }),
    causes: fc.array(
      change.map((found): ProjectChange => ({ ...found, rule: "version-formula" })),
      { maxLength: 2 },
    ),
    runOrder: fc.array(hostileText, { maxLength: 12 }),
    mayRun: fc.array(hostileText, { maxLength: 12 }),
    before: maybe(fc.record({ projectVersion: version })),
    counts: fc.nat(1_000_000),
  })
  .map(({ counts, ...diff }) => {
    const fields = { added: counts, removed: 0, direct: counts, indirect: 1, unchanged: 0 };
    const totals = { fields, features: { ...fields, metadataOnly: 2 } };
    return present({ diffVersion: 1 as const, after: { projectVersion: "p" }, totals, ...diff });
  });

/** What a record leaves undefined is absent. */
function present<Value extends object>(record: Value): Present<Value> {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Present<Value>;
}

type Present<Value> = {
  [Key in keyof Value as undefined extends Value[Key] ? never : Key]: Value[Key];
} & { [Key in keyof Value as undefined extends Value[Key] ? Key : never]?: Exclude<Value[Key], undefined> };
