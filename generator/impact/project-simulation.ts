import type { DerivedPlan } from "../../runtime/contract.ts";
import { quoteIdentifier } from "../../runtime/dialect/sql-text.ts";
import { assertUpstreamReadable } from "../../runtime/engine/tables/assert-upstream-readable.ts";
import { readableTable } from "../../runtime/engine/tables/feature-tables.ts";
import type { AnyFeature } from "../../runtime/feature.ts";
import type { TableForecast } from "../diff/model/version-diff.ts";
import { countMisfits, lacksColumns } from "./count-misfits.ts";
import { countStored, countWorkItems } from "./count-work-items.ts";
import { forecastTable, withoutBlocked } from "./forecast-table.ts";
import { emptyParentsByVersion } from "./recorded-empty-parents.ts";
import { Refusals, upstreamKeys } from "./refusals.ts";
import { simulateDerived } from "./simulate-derived.ts";
import { simulateRoot } from "./simulate-root.ts";
import {
  neverComputedColumn,
  type ProjectImpact,
  type SimulatedFeature,
  type StoredFeature,
  type WorkItemCounts,
} from "./simulated-feature.ts";
import { copyCurrentRows, dropSimulated, storedTable } from "./simulated-table.ts";
import type { SimulationCatalog } from "./simulation-catalog.ts";
import { versionsByRecency } from "./stored-versions.ts";

/** Simulates the features of a project, upstream first, and keeps the rows that downstream features read. */
export class ProjectSimulation {
  readonly #store: SimulationCatalog;
  readonly #simulation: SimulationCatalog;
  readonly #features: readonly SimulatedFeature[];
  readonly #signal: { readonly signal?: AbortSignal };
  readonly #byKey: Map<string, SimulatedFeature>;
  /** Feature → the last one that reads its rows. */
  readonly #lastReader: ReadonlyMap<string, string>;
  /** Features whose rows are in the simulation. */
  readonly #copied = new Set<string>();
  /** Features that have work, and those downstream of them. */
  readonly #changing = new Set<string>();
  /** Features with rows that can't be predicted. */
  readonly #incomplete = new Set<string>();
  /** Features of which any stored row may change, since unknown rows may join it. */
  readonly #uncertain = new Set<string>();
  readonly #assumptions: Assumptions;
  readonly #tables = new Map<string, TableForecast>();
  readonly #refusals = new Refusals();

  constructor(
    store: SimulationCatalog,
    simulation: SimulationCatalog,
    features: readonly SimulatedFeature[],
    signal: AbortSignal | undefined,
  ) {
    this.#store = store;
    this.#simulation = simulation;
    this.#features = features;
    this.#assumptions = new Assumptions(features);
    this.#signal = signal === undefined ? {} : { signal };
    this.#byKey = new Map(features.map((simulated) => [simulated.feature.key, simulated]));
    this.#lastReader = new Map(
      features.flatMap(({ feature }) => upstreamKeys(feature).map((key) => [key, feature.key] as const)),
    );
  }

  /** Counts the work items of every feature, and of removed ones. */
  async count(removed: readonly StoredFeature[]): Promise<ProjectImpact> {
    const counts = new Map<string, WorkItemCounts>();
    for (const given of this.#features) {
      const simulated = await this.#forecastTable(given);
      this.#byKey.set(given.feature.key, simulated);
      await this.#refusals.unlessUpstreamRefused(simulated.feature, async () => {
        const misfits = await countMisfits(this.#store, simulated.feature);
        const counted = await this.#countFeature(simulated, lacksColumns(simulated, misfits));
        counts.set(simulated.feature.key, misfits.length === 0 ? counted : { ...counted, misfits });
      });
      await this.#dropUnread(simulated.feature);
    }
    for (const feature of removed) {
      await this.#refusals.unlessRefused(feature, async () => {
        const orphaned = await countStored(this.#store, feature);
        counts.set(feature.key, { new: 0, stale: 0, orphaned, upToDate: 0 });
      });
    }
    return { counts, tables: this.#tables, refused: this.#refusals.found };
  }

  /** The changes of a table are reported even if an upstream feature prevents counting its rows. */
  async #forecastTable(simulated: SimulatedFeature): Promise<SimulatedFeature> {
    const { feature } = simulated;
    const forecast = await this.#refusals.unlessRefused(feature, () => forecastTable(this.#store, feature));
    if (forecast === undefined) return simulated;
    const { steps, refusal } = forecast;
    this.#tables.set(feature.key, { steps });
    if (refusal !== undefined) this.#refusals.note(feature, refusal);
    return withoutBlocked(simulated, steps);
  }

  /** `isLacking`: stored rows lack a value, so they have to be written again. */
  async #countFeature(simulated: SimulatedFeature, isLacking: boolean): Promise<WorkItemCounts> {
    const { plan } = simulated.feature;
    if (isLacking) this.#assumptions.noteRecomputed(simulated);
    return plan.kind === "root"
      ? this.#countRoot(simulated, isLacking)
      : this.#countDerived(simulated, plan, isLacking);
  }

  async #countRoot(simulated: SimulatedFeature, isLacking: boolean): Promise<WorkItemCounts> {
    const { feature } = simulated;
    const stored = await storedTable(this.#store, feature);
    return this.#store.within(feature, async (session) => {
      const { counts, written } = await simulateRoot(session, simulated, stored);
      if (written !== undefined) this.#assumptions.noteRecomputed(simulated);
      if (counts.incomplete === true) {
        this.#incomplete.add(feature.key);
        this.#uncertain.add(feature.key);
      }
      if (written !== undefined || isLacking) {
        this.#changing.add(feature.key);
        if (this.#lastReader.has(feature.key)) await this.#copy(simulated);
      }
      if (written !== undefined && this.#lastReader.has(feature.key))
        await session.run(session.dialect.insertByName(this.#simulation.nameOf(feature.table), written));
      return counts;
    });
  }

  async #countDerived(
    simulated: SimulatedFeature,
    plan: DerivedPlan,
    isLacking: boolean,
  ): Promise<WorkItemCounts> {
    const { feature, permissive } = simulated;
    const upstream = Object.keys(plan.upstream);
    const isSimulated = upstream.some((key) => this.#changing.has(key));
    if (isSimulated) {
      await this.#assertReadable(feature, plan);
      for (const key of upstream) await this.#copyWhereStored(key);
      await this.#copy(simulated);
    }
    const found = isSimulated
      ? await countWorkItems(this.#simulation, permissive, { ...this.#signal, fullRefresh: true })
      : await countWorkItems(this.#store, feature, this.#signal);
    const lacksKeys = await this.#lacksKeys(simulated);
    const incomplete = lacksKeys || upstream.some((key) => this.#incomplete.has(key));
    if (incomplete) this.#incomplete.add(feature.key);
    const counts = lacksKeys || this.#mayChange(simulated, plan) ? this.#toUncertain(feature, found) : found;
    const assumes = this.#assumptions.of(simulated);

    const runs = found.new + found.stale > 0;
    if (found.stale > 0 || (found.new > 0 && (await this.#hasEarlierRows(simulated))))
      this.#assumptions.noteRecomputed(simulated);
    if (isSimulated || runs || isLacking) this.#changing.add(feature.key);
    if (isLacking && !runs && this.#lastReader.has(feature.key)) await this.#copy(simulated);
    if (runs && this.#lastReader.has(feature.key)) await this.#simulate(simulated, isSimulated);
    return {
      ...counts,
      ...(isSimulated ? { upperBound: true } : {}),
      ...(incomplete ? { incomplete: true } : {}),
      ...(assumes.length === 0 ? {} : { assumes }),
    };
  }

  /** Copied rows have the declared types, so whether stored values fit these is checked on the stored rows. */
  async #assertReadable(feature: AnyFeature, { upstream }: DerivedPlan): Promise<void> {
    await this.#store.within(feature, async (session) => {
      for (const [key, facts] of Object.entries(upstream)) {
        const named = { key, table: facts.table, spec: facts };
        const found = await readableTable(session, named, facts);
        if (found !== undefined) await assertUpstreamReadable(session, key, facts, found.table, false);
      }
    });
  }

  /** Whether stored rows may join upstream rows that are unknown or may change. */
  #mayChange({ keys }: SimulatedFeature, { upstream }: DerivedPlan): boolean {
    return Object.entries(upstream).some(([key, { optional, idColumns, members }]) => {
      if (this.#uncertain.has(key) && members.length > 0) return true;
      const isOwnUnit = idColumns.every((column) => keys[key]?.includes(column));
      return this.#incomplete.has(key) && (optional || !isOwnUnit);
    });
  }

  /** Whether rows of other versions are stored: the simulation assumes that a run computes them again. */
  async #hasEarlierRows({ feature }: SimulatedFeature): Promise<boolean> {
    const stored = await storedTable(this.#store, feature);
    if (stored === undefined) return false;
    const versions = await this.#store.within(feature, (session) =>
      versionsByRecency(session, stored.under(feature.featureVersion)),
    );
    return versions.some((version) => version !== feature.featureVersion && !stored.hasOtherIds(version));
  }

  /** Every stored work item may be stale, and orphaned ones may be expected after all. */
  #toUncertain(
    { key }: AnyFeature,
    { upToDate, stale, orphaned, ...counts }: WorkItemCounts,
  ): WorkItemCounts {
    this.#uncertain.add(key);
    return { ...counts, stale: stale + upToDate + orphaned, orphaned, upToDate: 0 };
  }

  async #simulate(simulated: SimulatedFeature, isSimulated: boolean): Promise<void> {
    const feature = isSimulated ? simulated.permissive : simulated.feature;
    const { plan } = feature;
    if (plan.kind === "root") return;
    if (!isSimulated) await this.#copy(simulated);
    const input = {
      simulated,
      feature,
      plan,
      target: this.#simulation.nameOf(feature.table),
      stored: await storedTable(this.#store, feature),
      empty: await emptyParentsByVersion(this.#store, feature),
    };
    const catalog = isSimulated ? this.#simulation : this.#store;
    if (await catalog.within(feature, (session) => simulateDerived({ ...input, session })))
      this.#incomplete.add(feature.key);
  }

  /** Whether upstream rows that were never computed lack the columns that assign them to a work item. */
  async #lacksKeys({ keys }: SimulatedFeature): Promise<boolean> {
    for (const [key, columns] of Object.entries(keys)) {
      const upstream = this.#byKey.get(key)?.feature;
      if (upstream === undefined || !this.#changing.has(key) || !this.#copied.has(key)) continue;
      const isNull = columns.map((column) => `${quoteIdentifier(column)} IS NULL`).join(" OR ");
      const found = await this.#simulation.within(upstream, (session) =>
        session.rows(
          `SELECT 1 FROM ${this.#simulation.nameOf(upstream.table)} WHERE ${neverComputedColumn} AND (${isNull}) LIMIT 1`,
        ),
      );
      if (found.length > 0) return true;
    }
    return false;
  }

  async #copyWhereStored(key: string): Promise<void> {
    const simulated = this.#byKey.get(key);
    if (simulated === undefined || this.#copied.has(key)) return;
    const stored = await storedTable(this.#store, simulated.feature);
    if (stored !== undefined) await this.#copy(simulated);
  }

  async #copy(simulated: SimulatedFeature): Promise<void> {
    const { feature } = simulated;
    if (this.#copied.has(feature.key)) return;
    this.#copied.add(feature.key);
    const stored = await storedTable(this.#store, feature);
    await copyCurrentRows(this.#store, this.#simulation, simulated, stored);
  }

  async #dropUnread({ key }: AnyFeature): Promise<void> {
    for (const copied of this.#copied) {
      const simulated = this.#byKey.get(copied);
      const isRead = copied === key ? this.#lastReader.has(copied) : this.#lastReader.get(copied) !== key;
      if (isRead || simulated === undefined) continue;
      await dropSimulated(this.#simulation, simulated.feature);
      this.#copied.delete(copied);
    }
  }
}

/** Records which features run and may compute other rows than before, and which downstream counts assume that they don't. */
class Assumptions {
  readonly #order: readonly string[];
  /** Features that compute stored rows again, and whether their work items may have several rows. */
  readonly #recomputed = new Map<string, boolean>();
  readonly #assumptions = new Map<string, readonly string[]>();

  /** `features` are ordered upstream first. */
  constructor(features: readonly SimulatedFeature[]) {
    this.#order = features.map(({ feature }) => feature.key);
  }

  /** Records that a feature computes stored rows again. */
  noteRecomputed({ feature }: SimulatedFeature): void {
    this.#recomputed.set(feature.key, feature.plan.traits.outputs === "many");
  }

  /** The upstream features that must compute the same rows again for the counts of a feature to hold, upstream first. */
  of({ feature, valueDependencies }: SimulatedFeature): readonly string[] {
    const upstream = feature.plan.kind === "root" ? [] : Object.keys(feature.plan.upstream);
    const keys = new Set(
      upstream.flatMap((key) => {
        const isOpen = this.#recomputed.get(key);
        const isAssumed = isOpen !== undefined && (isOpen || valueDependencies.includes(key));
        return [...(this.#assumptions.get(key) ?? []), ...(isAssumed ? [key] : [])];
      }),
    );
    const ordered = this.#order.filter((key) => keys.has(key));
    this.#assumptions.set(feature.key, ordered);
    return ordered;
  }
}
