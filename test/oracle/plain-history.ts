import { type AnyFeature, isStemmaError } from "../../runtime/index.ts";
import { loadProject } from "../support/load-project.ts";
import { untyped } from "../support/untyped.ts";
import type { Project } from "./arbitrary-project.ts";
import type { RunStep, SamplesStep, Step } from "./arbitrary-steps.ts";
import { type Definitions, defineFeatures, type FeatureDefinition } from "./definitions.ts";
import { bumpField, toggleField, toggleOptional } from "./edit-specs.ts";
import { isExpansion } from "./join-columns.ts";
import { RootSamples } from "./root-samples.ts";
import { keyOf, type Row } from "./row.ts";
import type { SpecDocument } from "./spec-document.ts";
import type { StoreUnderTest } from "./store-under-test.ts";
import { digest, outputsFor } from "./worker-outputs.ts";

/** How writers of a history write. */
export interface HistoryOptions {
  readonly ownDataVersions?: boolean;
}

/** Performs steps on a store and compares nothing. Writers have data versions of their own where that is asked for. */
export class PlainHistory {
  readonly #hashLength: number;
  readonly #real: StoreUnderTest;
  readonly #samples: RootSamples = new RootSamples();
  readonly #ownDataVersions: boolean;
  #specs: readonly SpecDocument[];
  #definitions: Definitions;
  #features: Record<string, AnyFeature>;

  constructor({ specs, hashLength }: Project, real: StoreUnderTest, options: HistoryOptions = {}) {
    this.#ownDataVersions = options.ownDataVersions ?? false;
    this.#hashLength = hashLength;
    this.#real = real;
    this.#specs = specs;
    this.#definitions = defineFeatures(specs, hashLength);
    this.#features = loadProject(specs, { hashLength });
  }

  /** The project as the steps left it. */
  get project(): Project {
    return { specs: this.#specs, hashLength: this.#hashLength };
  }

  async perform(step: Step): Promise<void> {
    switch (step.do) {
      case "samples":
        return this.#changeSamples(step);
      case "run":
        return this.#run(step);
      case "change rows":
        return this.#changeRows(step);
      case "bump":
        return this.edit((specs) => bumpField(specs, step));
      case "toggle field":
        return this.edit((specs) => toggleField(specs, step.feature));
      case "toggle optional":
        return this.edit((specs) => toggleOptional(specs, step.feature));
      default:
        return;
    }
  }

  /** Takes edits back. */
  restore({ specs }: Project): void {
    this.edit(() => specs);
  }

  edit(edit: (specs: readonly SpecDocument[]) => readonly SpecDocument[]): void {
    this.#specs = edit(this.#specs);
    this.#definitions = defineFeatures(this.#specs, this.#hashLength);
    this.#features = loadProject(this.#specs, { hashLength: this.#hashLength });
  }

  async #changeSamples(step: SamplesStep): Promise<void> {
    const put = this.#ownDataVersions
      ? step.put
      : step.put.map((recipe) => ({ ...recipe, dataVersion: undefined }));
    for (const root of this.#chosen(step.feature, (feature) => feature.deps.length === 0)) {
      this.#samples.change(root, { ...step, put });
      await this.#writeSamples(root).catch((error: unknown) => {
        if (!isStemmaError(error)) throw error;
      });
    }
  }

  async #writeSamples(root: FeatureDefinition): Promise<void> {
    const samples = this.#samples.of(root);
    await using increment = await this.#real.store.resolve(this.#value(root), untyped({ samples }));
    await increment.write(untyped(increment.new));
    await increment.write(untyped(increment.stale));
  }

  async #run(step: RunStep): Promise<void> {
    for (const feature of this.#chosen(step.feature, ({ deps }) => deps.length > 0)) {
      await this.#writeOutputs(feature, step).catch((error: unknown) => {
        if (!isStemmaError(error)) throw error;
      });
    }
  }

  async #writeOutputs(feature: FeatureDefinition, step: RunStep): Promise<void> {
    const value = this.#value(feature);
    const { grain } = value.plan;
    await using increment = await this.#real.store.resolve(value);
    const work = [
      ...(await increment.new.toArray()),
      ...(await increment.stale.toArray()),
    ] as object[] as Row[];
    const chance = (row: Row, salt: string) => digest(salt, step.seed, keyOf(row, grain));
    const taken = work.filter((row) => !step.leavesSome || chance(row, "taken") % 2 === 0);
    const isChildless = (row: Row) => isExpansion(feature) && chance(row, "childless") % 4 === 0;
    const style = { seed: step.seed, ownDataVersions: this.#ownDataVersions && step.ownDataVersions };
    const outputs = outputsFor(
      feature,
      taken.filter((row) => !isChildless(row)),
      grain,
      style,
    );
    await this.#real.store.write(value, untyped(outputs));
    const childless = taken.filter(isChildless);
    if (childless.length > 0) await this.#real.store.markEmpty(value, untyped(childless));
  }

  async #changeRows(step: Extract<Step, { do: "change rows" }>): Promise<void> {
    const [feature] = this.#chosen(step.feature, () => true);
    if (feature === undefined) return;
    const stored = await this.#real.store
      .read(this.#value(feature))
      .toArray()
      .catch(() => []);
    const rows = (stored as object[] as Row[]).filter(
      (row) => digest(step.some, keyOf(row, feature.idColumns)) % 3 === 0,
    );
    if (rows.length > 0) await this.#real.repeatRows(this.#value(feature), rows, step.change);
  }

  #chosen(
    choice: number | undefined,
    suits: (feature: FeatureDefinition) => boolean,
  ): readonly FeatureDefinition[] {
    const suitable = [...this.#definitions.values()].filter(suits);
    return choice === undefined ? suitable : suitable.slice(choice % suitable.length).slice(0, 1);
  }

  #value({ key }: FeatureDefinition): AnyFeature {
    const feature = this.#features[key];
    if (feature === undefined) throw new Error(`no feature ${key}`);
    return feature;
  }
}
