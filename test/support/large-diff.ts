import type { Change, FeatureDiff, FieldDiff, VersionDiff } from "../../generator/diff/index.ts";

/** Features of a project in which nearly everything moves. */
export interface LargeDiffOptions {
  readonly edited: number;
  readonly indirect: number;
  readonly unchanged: number;
  readonly fields: number;
}

/** A change of the size of a rewrite: every edited feature breaks its users, and all others stand below them. */
export function largeDiff({ edited, indirect, unchanged, fields }: LargeDiffOptions): VersionDiff {
  const above = (index: number): string => nameOf("edited", index % edited);
  const features = [
    ...numbers(edited).map((index) => ({
      ...feature(nameOf("edited", index), "direct", fieldsOf(nameOf("edited", index), fields)),
      changes: [removedColumn, { ...removedColumn, acknowledged: true, reason: "Nobody reads it." }],
      types: "breaking" as const,
      rows: { new: 1_250_000, stale: 0, orphaned: index, upToDate: 0 },
    })),
    ...numbers(indirect).map((index) => {
      const key = nameOf("indirect", index);
      return { ...feature(key, "indirect", fieldsOf(key, fields, above(index)), [above(index)]), rows };
    }),
    ...numbers(unchanged).map((index) => ({
      ...feature(nameOf("unchanged", index), "unchanged", [], [above(index)]),
      pruned: [{ upstream: above(index), moved: ["field_0"], reads: index % 2 === 0 ? [] : ["other"] }],
      blockedBy: { features: [above(index)], appearsAs: "orphaned" as const },
    })),
  ];
  const count = { added: 0, removed: 0, direct: edited, indirect, unchanged: 0 };
  return {
    diffVersion: 1,
    before: { ref: "main", projectVersion: "0".repeat(64) },
    after: { projectVersion: "1".repeat(64) },
    totals: {
      features: { ...count, metadataOnly: 0, unchanged },
      fields: { ...count, direct: edited * fields, indirect: indirect * fields },
    },
    causes: [],
    runOrder: features.filter(({ status }) => status !== "unchanged").map(({ key }) => key),
    mayRun: [],
    features,
  };
}

const rows = { new: 90_000, stale: 12, orphaned: 0, upToDate: 3, upperBound: true } as const;

const removedColumn: Change = {
  rule: "column-removed",
  severity: "error",
  message: "The column duration_seconds is gone.",
  recompute: "none",
  types: "breaking",
  fingerprint: "f",
  acknowledged: false,
};

function nameOf(kind: string, index: number): string {
  return `department/team-${index % 7}/${kind}_feature_${index}`;
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function feature(
  key: string,
  status: FeatureDiff["status"],
  fields: readonly FieldDiff[],
  upstream: readonly string[] = [],
): FeatureDiff {
  const state = {
    definitionVersion: "d".repeat(64),
    name: "X",
    spec: `schemas/${key}.feature.json`,
    upstream,
  };
  return {
    key,
    status,
    recompute: status === "unchanged" ? "none" : "all",
    types: "none",
    before: { ...state, featureVersion: "a".repeat(64) },
    after: { ...state, featureVersion: (status === "unchanged" ? "a" : "b").repeat(64) },
    fields,
    changes: [],
    pruned: [],
    embedsChanged: [],
  };
}

function fieldsOf(key: string, count: number, above?: string): FieldDiff[] {
  return numbers(count).map((index) => {
    const name = `field_${index}`;
    const edited = above === undefined ? [] : [`${above}.${name}`];
    return {
      key: name,
      status: above === undefined ? "direct" : "indirect",
      before: "c".repeat(64),
      after: "d".repeat(64),
      causes: [
        {
          path: [`${key}.${name}`, ...edited],
          rule: "code-version",
          from: "1",
          to: "2",
          at: { file: `schemas/${above ?? key}.feature.json`, line: 14, column: 9 },
        },
      ],
    };
  });
}
