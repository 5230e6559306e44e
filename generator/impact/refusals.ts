import {
  type InputError,
  isStemmaError,
  type StemmaErrorCode,
  type StoreError,
} from "../../runtime/errors.ts";
import type { AnyFeature } from "../../runtime/feature.ts";

/** The features that can't be resolved against a store, with the reason. */
export class Refusals {
  readonly #found = new Map<string, InputError | StoreError>();

  get found(): ReadonlyMap<string, InputError | StoreError> {
    return this.#found;
  }

  note({ key }: Pick<AnyFeature, "key">, error: InputError | StoreError): void {
    this.#found.set(key, error);
  }

  /** Runs work on a feature that was not refused before; records the refusal if the store does not fit the feature. */
  async unlessRefused<T>(feature: Pick<AnyFeature, "key">, work: () => Promise<T>): Promise<T | undefined> {
    if (this.#found.has(feature.key)) return undefined;
    try {
      return await work();
    } catch (error) {
      if (!isStemmaError(error) || !refusals.has(error.code)) throw error;
      this.note(feature, error);
      return undefined;
    }
  }

  /** The same; features downstream of a refused one are refused too. */
  async unlessUpstreamRefused(feature: AnyFeature, work: () => Promise<void>): Promise<void> {
    const [upstream] = upstreamKeys(feature).flatMap((key) => this.#found.get(key) ?? []);
    if (upstream !== undefined && !this.#found.has(feature.key)) this.note(feature, upstream);
    await this.unlessRefused(feature, work);
  }
}

/** Errors that concern one feature of the store; any other error ends the simulation. */
const refusals: ReadonlySet<StemmaErrorCode> = new Set<StemmaErrorCode>([
  "upstream-missing",
  "table-shape",
  "null-id-stored",
  "wrong-stored-type",
  "ambiguous-sample",
  "column-type",
]);

/** Keys of the direct upstream features. */
export function upstreamKeys({ plan }: AnyFeature): string[] {
  return plan.kind === "root" ? [] : Object.keys(plan.upstream);
}
