import type { DerivedPlan } from "../../contract.ts";
import { type InputError, isStemmaError, type StemmaErrorCode, type StoreError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import { quoteName } from "../../sql-text.ts";
import { countStored, countUnits } from "./count-units.ts";
import { emptyUnderVersions } from "./parent-markers.ts";
import { playRoot } from "./play-root.ts";
import { playRun } from "./play-run.ts";
import type { Rehearsal, RehearsedFeature, UnitCounts } from "./rehearsed-feature.ts";
import { copyCurrentRows, dropRehearsed, storedTable } from "./rehearsed-table.ts";
import type { Stage } from "./stage.ts";
import { unseenColumn } from "./unseen-column.ts";

/** Goes through the features of a project, upstream first, and keeps in the rehearsal what those below look at. */
export class FeatureWalk {
  readonly #store: Stage;
  readonly #rehearsal: Stage;
  readonly #features: readonly RehearsedFeature[];
  readonly #signal: { readonly signal?: AbortSignal };
  readonly #byKey: ReadonlyMap<string, RehearsedFeature>;
  /** Feature → the last one that looks at its rows. */
  readonly #lastReader: ReadonlyMap<string, string>;
  /** Features whose rows stand in the rehearsal. */
  readonly #copied = new Set<string>();
  /** Features that have something to run, or stand below one that has. */
  readonly #moving = new Set<string>();
  /** Features of whose rows not all can be foreseen. */
  readonly #unforeseen = new Set<string>();
  readonly #refused = new Map<string, InputError | StoreError>();

  constructor(
    store: Stage,
    rehearsal: Stage,
    features: readonly RehearsedFeature[],
    signal: AbortSignal | undefined,
  ) {
    this.#store = store;
    this.#rehearsal = rehearsal;
    this.#features = features;
    this.#signal = signal === undefined ? {} : { signal };
    this.#byKey = new Map(features.map((rehearsed) => [rehearsed.feature.key, rehearsed]));
    this.#lastReader = new Map(
      features.flatMap(({ feature }) => upstreamKeys(feature).map((key) => [key, feature.key] as const)),
    );
  }

  /** Counts the units of every feature, and of those that were removed. */
  async count(removed: readonly AnyFeature[]): Promise<Rehearsal> {
    const counts = new Map<string, UnitCounts>();
    for (const rehearsed of this.#features) {
      await this.#unlessRefused(rehearsed.feature, async () => {
        counts.set(rehearsed.feature.key, await this.#countFeature(rehearsed));
      });
      await this.#dropUnread(rehearsed.feature);
    }
    for (const feature of removed) {
      await this.#unlessRefused(feature, async () => {
        const orphaned = await countStored(this.#store, feature);
        counts.set(feature.key, { new: 0, stale: 0, orphaned, untouched: 0 });
      });
    }
    return { counts, refused: this.#refused };
  }

  /** Notes it where the store does not suit a feature; what stands below it can't be counted either. */
  async #unlessRefused(feature: AnyFeature, count: () => Promise<void>): Promise<void> {
    const [above] = upstreamKeys(feature).flatMap((key) => this.#refused.get(key) ?? []);
    if (above !== undefined) {
      this.#refused.set(feature.key, above);
      return;
    }
    try {
      await count();
    } catch (error) {
      if (!isStemmaError(error) || !refusals.has(error.code)) throw error;
      this.#refused.set(feature.key, error);
    }
  }

  async #countFeature(rehearsed: RehearsedFeature): Promise<UnitCounts> {
    const { plan } = rehearsed.feature;
    return plan.kind === "root" ? this.#countRoot(rehearsed) : this.#countDerived(rehearsed, plan);
  }

  async #countRoot(rehearsed: RehearsedFeature): Promise<UnitCounts> {
    const { feature } = rehearsed;
    const stored = await storedTable(this.#store, feature);
    return this.#store.within(feature, async (session) => {
      const { counts, written } = await playRoot(session, rehearsed, stored);
      if (written !== undefined) {
        this.#moving.add(feature.key);
        if (this.#lastReader.has(feature.key)) {
          await this.#copy(rehearsed);
          await session.run(`INSERT INTO ${this.#rehearsal.nameOf(feature.table)} BY NAME ${written}`);
        }
      }
      return counts;
    });
  }

  async #countDerived(rehearsed: RehearsedFeature, plan: DerivedPlan): Promise<UnitCounts> {
    const { feature, lenient } = rehearsed;
    const above = Object.keys(plan.upstream);
    const isRehearsed = above.some((key) => this.#moving.has(key));
    if (isRehearsed) {
      for (const key of above) await this.#copyWhereStored(key);
      await this.#copy(rehearsed);
    }
    const counts = isRehearsed
      ? await countUnits(this.#rehearsal, lenient, { ...this.#signal, full: true })
      : await countUnits(this.#store, feature, this.#signal);
    const incomplete = above.some((key) => this.#unforeseen.has(key)) || (await this.#lacksKeys(rehearsed));
    if (incomplete) this.#unforeseen.add(feature.key);

    const runs = counts.new + counts.stale > 0;
    if (isRehearsed || runs) this.#moving.add(feature.key);
    if (runs && this.#lastReader.has(feature.key)) await this.#play(rehearsed, isRehearsed);
    return {
      ...counts,
      ...(isRehearsed ? { upperBound: true } : {}),
      ...(incomplete ? { incomplete: true } : {}),
    };
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

/** What can be wrong between a store and one feature; anything else ends the rehearsal. */
const refusals: ReadonlySet<StemmaErrorCode> = new Set<StemmaErrorCode>([
  "upstream-missing",
  "table-shape",
  "null-id-stored",
  "wrong-stored-type",
  "ambiguous-sample",
]);

function upstreamKeys({ plan }: AnyFeature): string[] {
  return plan.kind === "root" ? [] : Object.keys(plan.upstream);
}
