import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addRowCounts, diffManifests, type VersionDiff } from "../../../generator/diff/index.ts";
import { buildManifest } from "../../../generator/manifest/index.ts";
import { applyStep } from "../../oracle/apply-step.ts";
import { filterRecipe } from "../../oracle/arbitrary-filter.ts";
import { arbitraryOptional } from "../../oracle/arbitrary-optional.ts";
import { arbitraryProject, type Project } from "../../oracle/arbitrary-project.ts";
import { arbitrarySteps, type Step } from "../../oracle/arbitrary-steps.ts";
import { columnEdit, editColumns } from "../../oracle/edit-columns.ts";
import { bumpField, toggleField, toggleFilter, toggleOptional } from "../../oracle/edit-specs.ts";
import { PlainHistory } from "../../oracle/plain-history.ts";
import type { SpecDocument } from "../../oracle/spec-document.ts";
import { StoreUnderTest } from "../../oracle/store-under-test.ts";
import { compileSpecs } from "../../support/compile-specs.ts";
import { countRowsAt } from "../../support/count-rows.ts";
import { freshCopy } from "../../support/fresh-path.ts";

const seed = Number(process.env["STEMMA_SEED"] ?? Date.now() % 2 ** 31);
const numRuns = Number(process.env["STEMMA_RUNS"] ?? 20);

type Edit = (specs: readonly SpecDocument[]) => readonly SpecDocument[];

const feature = fc.nat(29);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ feature, field: fc.nat(5), codeVersion: fc.constantFrom("1", "2", "3") }).map(
    (bump): Edit =>
      (specs) =>
        bumpField(specs, bump),
  ),
  feature.map(
    (choice): Edit =>
      (specs) =>
        toggleField(specs, choice),
  ),
  feature.map(
    (choice): Edit =>
      (specs) =>
        toggleOptional(specs, choice),
  ),
  {
    weight: 4,
    arbitrary: columnEdit.map(
      (change): Edit =>
        (specs) =>
          editColumns(specs, change),
    ),
  },
  fc.tuple(feature, filterRecipe).map(
    ([choice, recipe]): Edit =>
      (specs) =>
        toggleFilter(specs, choice, recipe),
  ),
);

/** What is foretold of a project: the counts, and the order in which it is said to run. */
async function forecast(before: Project, after: Project, path: string): Promise<VersionDiff> {
  const [then, now] = [before, after].map((project) => compileSpecs(project.specs, project));
  const manifests = [then, now].map(
    (state) =>
      state && buildManifest(state.model, state.versions, { project: "test", hashLength: before.hashLength }),
  );
  const [from, to] = manifests;
  if (now === undefined || to === undefined) throw new Error("not compiled");
  return addRowCounts(diffManifests(from, to), await countRowsAt(now, { path, hash: "md5" }));
}

/** Edits in the middle of a history, under which all features run, and which may be taken back. */
const excursion = fc.record({
  edits: fc.array(edit, { minLength: 1, maxLength: 2 }),
  isTakenBack: fc.boolean(),
});

/** Whether workers make the rows that they made before, or others. */
const runsAs = fc.record({ makesOtherRows: fc.boolean() });

describe("countRows", () => {
  it(
    `foretells what runs find, whatever the project, its history and the edits (STEMMA_SEED=${seed})`,
    async () => {
      const tally = { exact: 0, bounded: 0, incomplete: 0, assumed: 0, refused: 0 };
      // What tables need, where a forecast has it.
      const tables = { blocked: 0, altered: 0, missingRequired: 0 };
      const property = fc.asyncProperty(
        arbitraryProject,
        arbitrarySteps.map(shortened),
        arbitraryOptional(excursion),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        runsAs,
        async (project, steps, detour, edits, style) => {
          await using real = await StoreUnderTest.create();
          const history = new PlainHistory(project, real);
          for (const step of steps) await history.perform(step);
          if (detour !== undefined) await makeDetour(history, detour);
          const recorded = history.project;
          for (const change of edits) history.edit(change);
          await real.store.close();

          const before = await readFile(real.path);
          const after = history.project;
          const diff = await forecast(recorded, after, real.path);
          const rows = new Map(diff.features.map((feature) => [feature.key, feature]));
          const order = new Set([...diff.runOrder, ...diff.mayRun]);
          expect(before.equals(await readFile(real.path))).toBe(true);

          const actual = await applyStep(after, await freshCopy(real.path), style);
          const filtered = downstreamOfFilters(after);
          const deletes = steps.some((step) => step.do === "change rows" && step.change === "deleted");
          for (const [key, carried] of actual) {
            const { rows: predicted, rowsUnavailable, table } = rows.get(key) ?? {};
            const kinds = table?.steps.map(({ kind }) => kind) ?? [];
            if (kinds.includes("blocked")) tables.blocked += 1;
            if (kinds.includes("change-type") || kinds.includes("copy-column")) tables.altered += 1;
            if (predicted?.misfits !== undefined) tables.missingRequired += 1;
            const story = {
              key,
              carried,
              foretold: predicted,
              style,
              runOrder: diff.runOrder,
              mayRun: diff.mayRun,
              project: after,
            };
            if ("counts" in carried && carried.counts.new + carried.counts.stale > 0)
              expect(order.has(key) || rowsUnavailable !== undefined, JSON.stringify(story)).toBe(true);
            if (predicted === undefined) {
              tally.refused += 1;
              expect(rowsUnavailable, JSON.stringify(story)).toBeDefined();
            } else if (style.makesOtherRows && predicted.assumes !== undefined) {
              tally.assumed += 1;
            } else if (predicted.incomplete) {
              tally.incomplete += 1;
              // More may come, and no more of what is stored is stale.
              if ("counts" in carried)
                expect(predicted.stale, JSON.stringify(story)).toBeGreaterThanOrEqual(carried.counts.stale);
            } else if ("refused" in carried) {
              // A run that writes nothing makes no table, and then the features below have nothing to read.
              expect({ story, code: carried.refused }).toEqual({ story, code: "upstream-missing" });
              expect(predicted).toMatchObject({ new: 0, upperBound: true });
            } else if (predicted.upperBound && (deletes || filtered.has(key))) {
              // What was deleted may come back as it was, or be filtered out.
              tally.bounded += 1;
              expect(predicted.new + predicted.stale, JSON.stringify(story)).toBeGreaterThanOrEqual(
                carried.counts.new + carried.counts.stale,
              );
            } else {
              tally.exact += 1;
              const { new: added, stale, orphaned } = predicted;
              expect({ ...story, counts: { new: added, stale, orphaned } }).toEqual({
                ...story,
                counts: carried.counts,
              });
            }
          }
        },
      );
      await fc.assert(property, { seed, numRuns, endOnFailure: true });
      console.info(`${JSON.stringify({ ...tally, ...tables })}, STEMMA_SEED=${seed}`);
      expect(tally.exact).toBeGreaterThanOrEqual(10);
    },
    60_000 + numRuns * 12_000,
  );
});

async function makeDetour(
  history: PlainHistory,
  { edits, isTakenBack }: { readonly edits: readonly Edit[]; readonly isTakenBack: boolean },
): Promise<void> {
  const { project } = history;
  for (const change of edits) history.edit(change);
  await history.perform({ do: "samples", feature: undefined, put: [], remove: [], via: "rows" });
  const runOrder = { seed: 1, ownDataVersions: false, leavesSome: false, via: "rows" } as const;
  await history.perform({ do: "run", feature: undefined, ...runOrder });
  if (isTakenBack) history.restore(project);
}

/** The first steps of a history: the later ones cost as much and bring little that is new. */
function shortened(steps: readonly Step[]): readonly Step[] {
  return steps.filter((step) => step.do !== "inspect").slice(0, 6);
}

/** Features that a filter stands above: what of it was never computed may pass or not. */
function downstreamOfFilters({ specs }: Project): ReadonlySet<string> {
  const filtered = new Set<string>();
  for (const { feature: spec } of specs) {
    const deps = (spec.deps ?? []).map((dep) => (typeof dep === "string" ? { feature: dep } : dep));
    if (deps.some((dep) => (dep.where ?? []).length > 0 || filtered.has(dep.feature))) filtered.add(spec.key);
  }
  return filtered;
}
