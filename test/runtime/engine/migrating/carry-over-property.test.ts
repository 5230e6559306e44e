import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CarriedOver } from "../../../../runtime/engine/migrating/migrate-feature.ts";
import { type AnyFeature, type Counts, isStemmaError, type Store } from "../../../../runtime/index.ts";
import { arbitraryProject } from "../../../oracle/arbitrary-project.ts";
import { arbitrarySteps, type Step } from "../../../oracle/arbitrary-steps.ts";
import { PlainHistory } from "../../../oracle/plain-history.ts";
import { type RenameRecipe, renameSpecs } from "../../../oracle/rename-specs.ts";
import { keyOf, type Row } from "../../../oracle/row.ts";
import { StoreUnderTest } from "../../../oracle/store-under-test.ts";
import { carriedOver } from "../../../support/carry-over.ts";
import { loadProject } from "../../../support/load-project.ts";

const seed = Number(process.env["STEMMA_SEED"] ?? Date.now() % 2 ** 31);
const numRuns = Number(process.env["STEMMA_RUNS"] ?? 10);

const arbitraryRenames: fc.Arbitrary<RenameRecipe> = fc.record({
  masks: fc.array(fc.oneof(fc.constant(0), fc.nat(15)), { minLength: 6, maxLength: 6 }),
  prefix: fc.constantFrom("a/", "zz-"),
});

/** Lets everything run, so that all but what the last step brings is in sync. */
const settling: readonly Step[] = [
  { do: "samples", feature: undefined, put: [], remove: [], via: "rows" },
  { do: "run", feature: undefined, leavesSome: false, seed: 1, ownDataVersions: true, via: "rows" },
];

const kept = ["metaxy_created_at", "metaxy_data_version_by_field", "metaxy_provenance_by_field"];

/** Counts of work; undefined where the feature can't be resolved. */
async function countsOf(store: Store, feature: AnyFeature, full: boolean): Promise<Counts | undefined> {
  try {
    await using increment = await store.resolve(feature, { fullRefresh: full });
    return increment.counts;
  } catch (error) {
    if (!isStemmaError(error)) throw error;
    return undefined;
  }
}

async function rowsOf(store: Store, feature: AnyFeature): Promise<Map<string, Row>> {
  const rows = (await store.read(feature).toArray()) as object[] as Row[];
  return new Map(rows.map((row) => [keyOf(row, feature.spec.idColumns), row]));
}

describe("carryOver", () => {
  it(`carries what was in sync, as it was, whatever the project and its history (STEMMA_SEED=${seed})`, async () => {
    let rows = 0;
    let whole = 0;
    await fc.assert(
      fc.asyncProperty(
        arbitraryProject,
        arbitrarySteps,
        arbitraryRenames,
        fc.boolean(),
        async (project, steps, recipe, ownDataVersions) => {
          await using real = await StoreUnderTest.create();
          const history = new PlainHistory(project, real, { ownDataVersions });
          const [last, ...earlier] = steps.filter((step) => step.do !== "inspect").reverse();
          for (const step of [...earlier.reverse(), ...settling, last])
            if (step !== undefined) await history.perform(step);
          const { specs, hashLength } = history.project;
          const before = loadProject(specs, { hashLength });
          if (ownDataVersions) await real.storeAsMaps(Object.values(before)[0] as AnyFeature);
          const was = new Map<string, Counts | undefined>();
          for (const feature of Object.values(before))
            was.set(feature.key, await countsOf(real.store, feature, false));

          const carried = new Map<string, CarriedOver>();
          const after = Object.values(loadProject(renameSpecs(specs, recipe), { hashLength }));
          for (const feature of after) {
            const old = before[feature.spec.renamedFrom?.feature ?? feature.key] as AnyFeature;
            const dryRunResult = await carriedOver(real.store, feature, { dryRun: true });
            const found = await carriedOver(real.store, feature);
            expect(found).toEqual(dryRunResult);
            if (found === undefined) continue;
            carried.set(feature.key, found);
            rows += found.rows;
            await expectAsBefore(real.store, old, feature, found);
            const counts = was.get(old.key);
            if (feature.plan.kind === "root" || counts === undefined) continue;
            const now = await countsOf(real.store, feature, false);
            // The table of an upstream that got another name is not there where nothing could be carried over.
            if (now === undefined) continue;
            expect(now).toEqual(await countsOf(real.store, feature, true));
            expect({ key: feature.key, ...now }).toMatchObject({ key: feature.key, stale: 0, orphaned: 0 });
            const isWhole = Object.keys(feature.plan.upstream).every(
              (key) => carried.get(key)?.left === 0 || feature.previous?.upstream?.[key] === undefined,
            );
            if (!isWhole) continue;
            whole += 1;
            expect({ key: feature.key, ...now }).toMatchObject({ new: counts.new + counts.stale });
            expect(found.left).toBe(counts.stale + counts.orphaned);
          }
          for (const feature of after)
            expect((await carriedOver(real.store, feature))?.rows ?? 0, feature.key).toBe(0);
        },
      ),
      { seed, numRuns, interruptAfterTimeLimit: 200_000 },
    );
    console.info(`${rows} rows carried over, ${whole} features whole, STEMMA_SEED=${seed}`);
    expect(rows).toBeGreaterThan(2 * numRuns);
    expect(whole).toBeGreaterThan(numRuns / 2);
  }, 240_000);
});

/** Each row that was carried over is the old one, but for the names of members and hashes that follow the provenance. */
async function expectAsBefore(
  store: Store,
  old: AnyFeature,
  feature: AnyFeature,
  { rows }: CarriedOver,
): Promise<void> {
  const [before, now] = [await rowsOf(store, old), await rowsOf(store, feature)];
  expect(now.size).toBe(rows);
  const columns = [...Object.keys(feature.spec.columns), ...kept];
  for (const [id, row] of now) {
    const earlier = before.get(id);
    for (const column of columns) {
      if (!column.endsWith("_by_field")) expect(row[column]).toEqual(earlier?.[column]);
    }
    const [is, own] = [byField(row, "provenance"), byField(row, "data_version")];
    const [was, ownBefore] = [byField(earlier, "provenance"), byField(earlier, "data_version")];
    for (const [member, past] of Object.entries(feature.previous?.fieldMembers ?? {})) {
      if (feature.plan.kind === "root") expect(is[member]).toBe(was[past]);
      expect(own[member]).toBe(ownBefore[past] === was[past] ? is[member] : ownBefore[past]);
    }
  }
}

function byField(row: Row | undefined, what: string): Readonly<Record<string, string | null>> {
  return (row?.[`metaxy_${what}_by_field`] ?? {}) as Record<string, string | null>;
}
