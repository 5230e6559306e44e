import type { DerivedPlan } from "../../contract.ts";
import type { AnyFeature } from "../../feature.ts";
import { quoteName } from "../../sql-text.ts";
import { assertUpstreamReadable } from "../tables/assert-upstream-readable.ts";
import { readableTable } from "../tables/feature-tables.ts";
import { Assumptions } from "./assumptions.ts";
import { countMisfits, lacksColumns } from "./count-misfits.ts";
import { countStored, countUnits } from "./count-units.ts";
import { forecastTable, withoutBlocked } from "./forecast-table.ts";
import { emptyUnderVersions } from "./parent-markers.ts";
import { playRoot } from "./play-root.ts";
import { playRun } from "./play-run.ts";
import { Refusals, upstreamKeys } from "./refusals.ts";
import type { Rehearsal, RehearsedFeature, TableForecast, UnitCounts } from "./rehearsed-feature.ts";
import { copyCurrentRows, dropRehearsed, storedTable } from "./rehearsed-table.ts";
import type { Stage } from "./stage.ts";
import { versionsByRecency } from "./stored-versions.ts";
import { unseenColumn } from "./unseen-column.ts";

/** Goes through the features of a project, upstream first, and keeps in the rehearsal what those below look at. */
export class FeatureWalk {
  readonly #store: Stage;
  readonly #rehearsal: Stage;
  readonly #features: readonly RehearsedFeature[];
  readonly #signal: { readonly signal?: AbortSignal };
  readonly #byKey: Map<string, RehearsedFeature>;
  /** Feature → the last one that looks at its rows. */
  readonly #lastReader: ReadonlyMap<string, string>;
  /** Features whose rows stand in the rehearsal. */
  readonly #copied = new Set<string>();
  /** Features that have something to run, or stand below one that has. */
  readonly #moving = new Set<string>();
  /** Features of whose rows not all can be foreseen. */
  readonly #unforeseen = new Set<string>();
  /** Features of whose stored rows any may change, since rows that nobody knows yet may meet them. */
  readonly #unsettled = new Set<string>();
  readonly #assumptions: Assumptions;
  readonly #tables = new Map<string, TableForecast>();
  readonly #refusals = new Refusals();

  constructor(
    store: Stage,
    rehearsal: Stage,
    features: readonly RehearsedFeature[],
    signal: AbortSignal | undefined,
  ) {
    this.#store = store;
    this.#rehearsal = rehearsal;
    this.#features = features;
    this.#assumptions = new Assumptions(features);
    this.#signal = signal === undefined ? {} : { signal };
    this.#byKey = new Map(features.map((rehearsed) => [rehearsed.feature.key, rehearsed]));
    this.#lastReader = new Map(
      features.flatMap(({ feature }) => upstreamKeys(feature).map((key) => [key, feature.key] as const)),
    );
  }

  /** Counts the units of every feature, and of those that were removed. */
  async count(removed: readonly AnyFeature[]): Promise<Rehearsal> {
    const counts = new Map<string, UnitCounts>();
    for (const given of this.#features) {
      const rehearsed = await this.#forecastTable(given);
      this.#byKey.set(given.feature.key, rehearsed);
      await this.#refusals.unlessUpstreamRefused(rehearsed.feature, async () => {
        const misfits = await countMisfits(this.#store, rehearsed.feature);
        const counted = await this.#countFeature(rehearsed, lacksColumns(rehearsed, misfits));
        counts.set(rehearsed.feature.key, misfits.length === 0 ? counted : { ...counted, misfits });
      });
      await this.#dropUnread(rehearsed.feature);
    }
    for (const feature of removed) {
      await this.#refusals.unlessRefused(feature, async () => {
        const orphaned = await countStored(this.#store, feature);
        counts.set(feature.key, { new: 0, stale: 0, orphaned, untouched: 0 });
      });
    }
    return { counts, tables: this.#tables, refused: this.#refusals.found };
  }

  /** What a table needs is reported even where something above keeps its rows from being counted. */
  async #forecastTable(rehearsed: RehearsedFeature): Promise<RehearsedFeature> {
    const { feature } = rehearsed;
    const forecast = await this.#refusals.unlessRefused(feature, () => forecastTable(this.#store, feature));
    if (forecast === undefined) return rehearsed;
    const { steps, refusal } = forecast;
    this.#tables.set(feature.key, { steps });
    if (refusal !== undefined) this.#refusals.note(feature, refusal);
    return withoutBlocked(rehearsed, steps);
  }

  /** `isLacking`: stored rows have to be written again. */
  async #countFeature(rehearsed: RehearsedFeature, isLacking: boolean): Promise<UnitCounts> {
    const { plan } = rehearsed.feature;
    if (isLacking) this.#assumptions.remakes(rehearsed);
    return plan.kind === "root"
      ? this.#countRoot(rehearsed, isLacking)
      : this.#countDerived(rehearsed, plan, isLacking);
  }

  async #countRoot(rehearsed: RehearsedFeature, isLacking: boolean): Promise<UnitCounts> {
    const { feature } = rehearsed;
    const stored = await storedTable(this.#store, feature);
    return this.#store.within(feature, async (session) => {
      const { counts, written } = await playRoot(session, rehearsed, stored);
      if (written !== undefined) this.#assumptions.remakes(rehearsed);
      if (counts.incomplete === true) {
        this.#unforeseen.add(feature.key);
        this.#unsettled.add(feature.key);
      }
      if (written !== undefined || isLacking) {
        this.#moving.add(feature.key);
        if (this.#lastReader.has(feature.key)) await this.#copy(rehearsed);
      }
      if (written !== undefined && this.#lastReader.has(feature.key))
        await session.run(`INSERT INTO ${this.#rehearsal.nameOf(feature.table)} BY NAME ${written}`);
      return counts;
    });
  }

  async #countDerived(
    rehearsed: RehearsedFeature,
    plan: DerivedPlan,
    isLacking: boolean,
  ): Promise<UnitCounts> {
    const { feature, lenient } = rehearsed;
    const above = Object.keys(plan.upstream);
    const isRehearsed = above.some((key) => this.#moving.has(key));
    if (isRehearsed) {
      await this.#assertReadable(feature, plan);
      for (const key of above) await this.#copyWhereStored(key);
      await this.#copy(rehearsed);
    }
    const found = isRehearsed
      ? await countUnits(this.#rehearsal, lenient, { ...this.#signal, full: true })
      : await countUnits(this.#store, feature, this.#signal);
    const lacksKeys = await this.#lacksKeys(rehearsed);
    const incomplete = lacksKeys || above.some((key) => this.#unforeseen.has(key));
    if (incomplete) this.#unforeseen.add(feature.key);
    const counts = lacksKeys || this.#mayChange(rehearsed, plan) ? this.#unsettle(feature, found) : found;
    const assumes = this.#assumptions.of(rehearsed);

    const runs = found.new + found.stale > 0;
    if (found.stale > 0 || (found.new > 0 && (await this.#hasEarlierRows(rehearsed))))
      this.#assumptions.remakes(rehearsed);
    if (isRehearsed || runs || isLacking) this.#moving.add(feature.key);
    if (isLacking && !runs && this.#lastReader.has(feature.key)) await this.#copy(rehearsed);
    if (runs && this.#lastReader.has(feature.key)) await this.#play(rehearsed, isRehearsed);
    return {
      ...counts,
      ...(isRehearsed ? { upperBound: true } : {}),
      ...(incomplete ? { incomplete: true } : {}),
      ...(assumes.length === 0 ? {} : { assumes }),
    };
  }

  /** Copied rows have the declared types: whether what is stored fits them, only the stored rows tell. */
  async #assertReadable(feature: AnyFeature, { upstream }: DerivedPlan): Promise<void> {
    await this.#store.within(feature, async (session) => {
      for (const [key, facts] of Object.entries(upstream)) {
        const named = { key, table: facts.table, spec: facts };
        const found = await readableTable(session, named, facts);
        if (found !== undefined) await assertUpstreamReadable(session, key, facts, found.table, false);
      }
    });
  }

  /** Whether rows above that nobody knows yet, or that may change in any way, may meet rows that are stored. */
  #mayChange({ keys }: RehearsedFeature, { upstream }: DerivedPlan): boolean {
    return Object.entries(upstream).some(([key, { optional, idColumns, members }]) => {
      if (this.#unsettled.has(key) && members.length > 0) return true;
      const isOwnUnit = idColumns.every((column) => keys[key]?.includes(column));
      return this.#unforeseen.has(key) && (optional || !isOwnUnit);
    });
  }

  /** Whether rows of other versions are stored, which are taken to come again. */
  async #hasEarlierRows({ feature }: RehearsedFeature): Promise<boolean> {
    const stored = await storedTable(this.#store, feature);
    if (stored === undefined) return false;
    const versions = await this.#store.within(feature, (session) =>
      versionsByRecency(session, stored.under(feature.featureVersion)),
    );
    return versions.some((version) => version !== feature.featureVersion && !stored.hasOtherIds(version));
  }

  /** All that is stored may turn out to be stale; what nothing expects may be expected after all. */
  #unsettle({ key }: AnyFeature, { untouched, stale, orphaned, ...counts }: UnitCounts): UnitCounts {
    this.#unsettled.add(key);
    return { ...counts, stale: stale + untouched + orphaned, orphaned, untouched: 0 };
  }

  async #play(rehearsed: RehearsedFeature, isRehearsed: boolean): Promise<void> {
    const feature = isRehearsed ? rehearsed.lenient : rehearsed.feature;
    const { plan } = feature;
    if (plan.kind === "root") return;
    if (!isRehearsed) await this.#copy(rehearsed);
    const scene = {
      rehearsed,
      feature,
      plan,
      target: this.#rehearsal.nameOf(feature.table),
      stored: await storedTable(this.#store, feature),
      empty: await emptyUnderVersions(this.#store, feature),
    };
    const stage = isRehearsed ? this.#rehearsal : this.#store;
    if (await stage.within(feature, (session) => playRun({ ...scene, session })))
      this.#unforeseen.add(feature.key);
  }

  /** Whether upstream rows that were never computed lack what would say to which unit they belong. */
  async #lacksKeys({ keys }: RehearsedFeature): Promise<boolean> {
    for (const [key, columns] of Object.entries(keys)) {
      const upstream = this.#byKey.get(key)?.feature;
      if (upstream === undefined || !this.#moving.has(key) || !this.#copied.has(key)) continue;
      const isNull = columns.map((column) => `${quoteName(column)} IS NULL`).join(" OR ");
      const found = await this.#rehearsal.within(upstream, (session) =>
        session.rows(
          `SELECT 1 FROM ${this.#rehearsal.nameOf(upstream.table)} WHERE ${unseenColumn} AND (${isNull}) LIMIT 1`,
        ),
      );
      if (found.length > 0) return true;
    }
    return false;
  }

  async #copyWhereStored(key: string): Promise<void> {
    const rehearsed = this.#byKey.get(key);
    if (rehearsed === undefined || this.#copied.has(key)) return;
    const stored = await storedTable(this.#store, rehearsed.feature);
    if (stored !== undefined) await this.#copy(rehearsed);
  }

  async #copy(rehearsed: RehearsedFeature): Promise<void> {
    const { feature } = rehearsed;
    if (this.#copied.has(feature.key)) return;
    this.#copied.add(feature.key);
    const stored = await storedTable(this.#store, feature);
    await copyCurrentRows(this.#store, this.#rehearsal, rehearsed, stored);
  }

  async #dropUnread({ key }: AnyFeature): Promise<void> {
    for (const copied of this.#copied) {
      const rehearsed = this.#byKey.get(copied);
      const isRead = copied === key ? this.#lastReader.has(copied) : this.#lastReader.get(copied) !== key;
      if (isRead || rehearsed === undefined) continue;
      await dropRehearsed(this.#rehearsal, rehearsed.feature);
      this.#copied.delete(copied);
    }
  }
}
