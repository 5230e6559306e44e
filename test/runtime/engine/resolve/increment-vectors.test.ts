import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import { isStemmaError, type StemmaErrorCode } from "../../../../runtime/index.ts";
import { loadProject } from "../../../support/load-project.ts";
import { comparable, resolveSets } from "../../../support/recorded-sets.ts";
import { databaseOf } from "../../../support/recorded-tables.ts";
import { type IncrementCase, type IncrementVectors, readVectors } from "../../../support/vectors.ts";

const codes: Readonly<Record<string, StemmaErrorCode>> = {
  samplesRequired: "samples-required",
  upstreamMissing: "upstream-missing",
  unknownColumn: "unknown-column",
  filterSyntax: "filter-syntax",
};

for (const [file, { cases }] of Object.entries(readVectors<IncrementVectors>("increments"))) {
  describe(`increments, as recorded: ${file}`, () => {
    for (const recorded of cases) it(recorded.name, () => check(recorded));
  });
}

async function check(recorded: IncrementCase): Promise<void> {
  const features = loadProject(recorded.specs, recorded);
  const database = await databaseOf(recorded.tables, features);
  await using store = await openStore(database, { hash: recorded.hash });
  const { feature: key, ...options } = recorded.resolve;
  const feature = features[key];
  if (feature === undefined) throw new Error(`No feature ${key}`);

  if (recorded.expectError !== undefined) {
    const error: unknown = await resolveSets(store, feature, options).catch((thrown: unknown) => thrown);
    expect(error).toSatisfy((thrown) => isStemmaError(thrown, codes[recorded.expectError?.kind ?? ""]));
    return;
  }
  const sets = await resolveSets(store, feature, options);
  expect(comparable(sets, recorded.expect)).toEqual(comparable(recorded.expect, recorded.expect));
}
