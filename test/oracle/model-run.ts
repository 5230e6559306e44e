import { expect } from "vitest";
import { type AnyFeature, type Increment, isStemmaError, type RowsInput } from "../../runtime/index.ts";
import { loadProject } from "../support/load-project.ts";
import { untyped } from "../support/untyped.ts";
import type { Project } from "./arbitrary-project.ts";
import type { InspectStep, RunStep, SamplesStep, Step, WriteMethod } from "./arbitrary-steps.ts";
import { type ComparableIncrement, comparableIncrement } from "./comparable-increment.ts";
import { type Definitions, defineFeatures, type FeatureDefinition } from "./definitions.ts";
import { bumpField, toggleField, toggleOptional } from "./edit-specs.ts";
import { type NaiveIncrement, type ResolveRequest, resolveNaively } from "./increments.ts";
import { inspectRequest } from "./inspect-request.ts";
import { isExpansion } from "./join-columns.ts";
import { ModelStore } from "./model-store.ts";
import { OracleError } from "./oracle-error.ts";
import { pendingUpstream } from "./pending-upstream.ts";
import { RootSamples } from "./root-samples.ts";
import { keyOf, type Row } from "./row.ts";
import type { SpecDocument } from "./spec-document.ts";
import type { StoreUnderTest } from "./store-under-test.ts";
import { digest, outputsFor } from "./worker-outputs.ts";

/** Performs steps on a real store and on a model of it, and compares what the two resolve. */
export class ModelRun {
  readonly #hashLength: number;
  readonly #real: StoreUnderTest;
  readonly #model: ModelStore = new ModelStore();
  readonly #samples: RootSamples = new RootSamples();
  #specs: readonly SpecDocument[];
  #definitions: Definitions;
  #features: Record<string, AnyFeature>;
  /** How many times a resolve of the store was compared with the oracle's. */
  comparisons = 0;

  constructor({ specs, hashLength }: Project, real: StoreUnderTest) {
    this.#hashLength = hashLength;
    this.#real = real;
    this.#specs = specs;
    this.#definitions = defineFeatures(specs, hashLength);
    this.#features = loadProject(specs, { hashLength });
  }

  /** Performs a step; where it may have changed something, compares what every feature resolves. */
  async perform(step: Step): Promise<void> {
    if (step.do === "inspect") return this.#inspect(step);
    await this.#perform(step);
    for (const feature of this.#definitions.values()) await this.#resolveBoth(this.#plainRequest(feature));
  }

  async #perform(step: Exclude<Step, InspectStep>): Promise<void> {
    switch (step.do) {
      case "samples":
        return this.#changeSamples(step);
      case "run":
        return this.#run(step);
      case "change rows":
        return this.#changeRows(step);
      case "bump":
        return this.#edit((specs) => bumpField(specs, step));
      case "toggle field":
        return this.#edit((specs) => toggleField(specs, step.feature));
      case "toggle optional":
        return this.#edit((specs) => toggleOptional(specs, step.feature));
      case "store as maps": {
        const feature = this.#pick(step.feature, (candidate) => candidate.key in this.#model.tables);
        return feature && this.#real.storeAsMaps(this.#featureValue(feature));
      }
    }
  }

  async #changeSamples(step: SamplesStep): Promise<void> {
    for (const root of this.#chosen(step.feature, (feature) => feature.deps.length === 0)) {
      this.#samples.change(root, step);
      await this.#resolveBoth(this.#plainRequest(root), async (increment, expected) => {
        const expectedKeys = new Set(
          [...expected.new, ...expected.stale].map((row) => keyOf(row, root.idColumns)),
        );
        const rows = this.#samples.of(root).filter((row) => expectedKeys.has(keyOf(row, root.idColumns)));
        await this.#write(root, increment, rows, step.via);
      });
    }
  }

  async #run(step: RunStep): Promise<void> {
    for (const feature of this.#chosen(step.feature, ({ deps }) => deps.length > 0)) {
      await this.#resolveBoth(this.#plainRequest(feature), (increment, expected) =>
        this.#writeOutputs(feature, step, increment, expected),
      );
    }
  }

  async #writeOutputs(
    feature: FeatureDefinition,
    step: RunStep,
    increment: Increment<AnyFeature>,
    { grain, new: added, stale }: NaiveIncrement,
  ): Promise<void> {
    const work = [...added, ...stale];
    const chance = (row: Row, salt: string) => digest(salt, step.seed, keyOf(row, grain));
    const taken = work.filter((row) => !step.leavesSome || chance(row, "taken") % 2 === 0);
    if (step.via === "set" && !step.leavesSome && canBeWrittenAsSet(feature, work, grain)) {
      return this.#write(feature, increment, work, "set");
    }
    const isChildless = (row: Row) => isExpansion(feature) && chance(row, "childless") % 3 === 0;
    const outputs = outputsFor(
      feature,
      taken.filter((row) => !isChildless(row)),
      grain,
      step,
    );
    await this.#write(feature, increment, outputs, step.via === "store" ? "store" : "rows");
    await this.#markEmpty(feature, taken.filter(isChildless));
  }

  async #inspect(step: InspectStep): Promise<void> {
    for (const feature of this.#definitions.values()) {
      const plain = this.#plainRequest(feature);
      const unfiltered = this.#expect({ ...plain, skipComparison: true });
      await this.#resolveBoth(inspectRequest(step, plain, feature, this.#definitions, unfiltered));
    }
  }

  async #markEmpty(feature: FeatureDefinition, parents: readonly Row[]): Promise<void> {
    if (parents.length === 0) return;
    await this.#real.store.markEmpty(this.#featureValue(feature), untyped(parents));
    this.#model.markEmpty(feature, parents, this.#definitions);
  }

  async #changeRows(step: Extract<Step, { do: "change rows" }>): Promise<void> {
    const feature = this.#pick(step.feature, (candidate) => this.#model.current(candidate).length > 0);
    if (feature === undefined) return;
    const rows = this.#model
      .current(feature)
      .filter((row) => digest(step.some, keyOf(row, feature.idColumns)) % 3 === 0);
    if (rows.length === 0) return;
    await this.#real.repeatRows(this.#featureValue(feature), rows, step.change);
    this.#model.repeatRows(feature, rows, step.change);
  }

  #edit(edit: (specs: readonly SpecDocument[]) => readonly SpecDocument[]): void {
    this.#specs = edit(this.#specs);
    this.#definitions = defineFeatures(this.#specs, this.#hashLength);
    this.#features = loadProject(this.#specs, { hashLength: this.#hashLength });
  }

  async #write(
    feature: FeatureDefinition,
    increment: Increment<AnyFeature>,
    rows: readonly Row[],
    via: WriteMethod,
  ): Promise<void> {
    if (rows.length === 0) return;
    if (via === "set") {
      if (increment.new.count > 0) await increment.write(untyped(increment.new));
      if (increment.stale.count > 0) await increment.write(untyped(increment.stale));
    } else if (via === "rows") {
      const unstamped = rows.map(({ metaxy_provenance_by_field: _, ...row }) => row);
      await increment.write(unstamped as unknown as RowsInput<never>);
    } else {
      await this.#real.store.write(this.#featureValue(feature), untyped(rows));
    }
    this.#model.write(feature, rows, this.#definitions, this.#hashLength);
  }

  /** Compares the store's answer with the oracle's; `use` then gets both, unless they are a refusal. */
  async #resolveBoth(
    request: ResolveRequest,
    use?: (increment: Increment<AnyFeature>, expected: NaiveIncrement) => Promise<void>,
  ): Promise<void> {
    const expected = this.#expect(request);
    const { feature: key, ...options } = request;
    this.comparisons += 1;
    let increment: Increment<AnyFeature>;
    try {
      increment = await this.#real.store.resolve(this.#featureValue({ key }), options as object);
    } catch (error) {
      if (!isStemmaError(error)) throw error;
      expect({ refused: error.code, request, message: error.message }).toMatchObject(
        expected instanceof OracleError ? { refused: expected.code } : comparableIncrement(expected),
      );
      return;
    }
    await using opened = increment;
    const found = await readIncrement(opened);
    expect({ request, found }).toEqual({
      request,
      found: expected instanceof OracleError ? { refused: expected.code } : comparableIncrement(expected),
    });
    if (request.samples === undefined) this.#comparePending(opened);
    if (!(expected instanceof OracleError)) await use?.(opened, expected);
  }

  #comparePending({ feature: { key }, pendingUpstream: found }: Increment<AnyFeature>): void {
    const feature = this.#definitions.get(key);
    const expected = feature && pendingUpstream(feature, this.#definitions, this.#model.tables);
    expect({ key, pendingUpstream: found }).toEqual({ key, pendingUpstream: expected });
  }

  #expect(resolve: ResolveRequest): NaiveIncrement | OracleError {
    try {
      const { tables, emptyParents } = this.#model;
      return resolveNaively({
        specs: this.#specs,
        hash: "md5",
        hashLength: this.#hashLength,
        tables,
        emptyParents,
        resolve,
      });
    } catch (error) {
      if (error instanceof OracleError) return error;
      throw error;
    }
  }

  #plainRequest(feature: FeatureDefinition): ResolveRequest {
    if (feature.deps.length > 0) return { feature: feature.key };
    return { feature: feature.key, samples: this.#samples.of(feature) };
  }

  #chosen(
    choice: number | undefined,
    suits: (feature: FeatureDefinition) => boolean,
  ): readonly FeatureDefinition[] {
    if (choice === undefined) return [...this.#definitions.values()].filter(suits);
    return [this.#pick(choice, suits)].filter((feature) => feature !== undefined);
  }

  #pick(choice: number, suits: (feature: FeatureDefinition) => boolean): FeatureDefinition | undefined {
    const suitable = [...this.#definitions.values()].filter(suits);
    return suitable[choice % suitable.length];
  }

  #featureValue({ key }: { readonly key: string }): AnyFeature {
    const feature = this.#features[key];
    if (feature === undefined) throw new Error(`no feature ${key}`);
    return feature;
  }
}

async function readIncrement(increment: Increment<AnyFeature>): Promise<ComparableIncrement> {
  const sets = {
    new: (await increment.new.toArray()) as Row[],
    stale: (await increment.stale.toArray()) as Row[],
    orphaned: (await increment.orphaned.toArray()) as readonly object[] as Row[],
  };
  const rowCounts = {
    new: increment.new.rowCount,
    stale: increment.stale.rowCount,
    orphaned: increment.orphaned.rowCount,
  };
  return comparableIncrement({ counts: increment.counts, ...sets }, rowCounts);
}

/** Whether rows of an increment are rows of the feature as they are: one per sample, with all columns it requires. */
function canBeWrittenAsSet(
  feature: FeatureDefinition,
  rows: readonly Row[],
  grain: readonly string[],
): boolean {
  const required = [...(feature.spec.required ?? []), ...feature.idColumns];
  const keys = new Set(rows.map((row) => keyOf(row, feature.idColumns)));
  return (
    !isExpansion(feature) &&
    feature.idColumns.every((column) => grain.includes(column)) &&
    feature.deps.every((dep) => dep.lineage?.type !== "aggregation") &&
    keys.size === rows.length &&
    rows.every((row) => required.every((column) => (row[column] ?? null) !== null))
  );
}
