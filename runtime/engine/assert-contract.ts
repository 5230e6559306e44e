import type { ContractVersion, EngineName, PlanTraits } from "../contract.ts";
import { InputError } from "../errors.ts";
import type { AnyFeature } from "../feature.ts";

const contractVersion: ContractVersion = 2;

/** Every trait and every value of it that this runtime handles. */
const knownTraits: { readonly [trait in keyof PlanTraits]: Record<`${PlanTraits[trait]}`, true> } = {
  workItem: { sample: true, group: true, parent: true },
  outputs: { one: true, many: true },
  mayBeEmpty: { true: true, false: true },
  orderSensitive: { true: true, false: true },
  incremental: { true: true, false: true },
};

/**
 * Refuses what is not a feature, comes of a generator with another contract, has a trait that this runtime does not
 * handle, or holds no SQL for the engine of the store.
 *
 * @throws InputError `contract-mismatch`.
 */
export function assertContract(feature: unknown, engine: EngineName): void {
  const contract =
    typeof feature === "object" && feature !== null && "contract" in feature ? feature.contract : undefined;
  if (contract === undefined) {
    throw new InputError(
      "contract-mismatch",
      "This is not a feature. Pass what a generated module exports, such as { Audio } of ./generated/audio.js.",
    );
  }
  if (contract !== contractVersion) {
    throw new InputError(
      "contract-mismatch",
      `This feature was generated for contract ${String(contract)}, and this runtime reads contract ${contractVersion}. Run "npx stemma generate" with the installed version.`,
      { contract },
    );
  }
  assertTraits(feature as AnyFeature);
  assertEngine(feature as AnyFeature, engine);
}

/** A trait that is ignored, or missing, would give wrong increments. */
function assertTraits({ key, plan }: AnyFeature): void {
  const traits: Readonly<Record<string, unknown>> = { ...plan.traits };
  const known: Readonly<Record<string, Readonly<Record<string, true>>>> = knownTraits;
  for (const trait of new Set([...Object.keys(known), ...Object.keys(traits)])) {
    const value = traits[trait];
    if (value === undefined) {
      throw new InputError(
        "contract-mismatch",
        `The module of ${key} lacks the trait ${trait}. Run "npx stemma generate" with the installed version.`,
        { feature: key, trait },
      );
    }
    if (Object.hasOwn(known, trait) && Object.hasOwn(known[trait] ?? {}, String(value))) continue;
    throw new InputError(
      "contract-mismatch",
      `The module of ${key} has the trait ${trait}: ${String(value)}, which this version of Stemma does not know. Install the version that generated it, or run "npx stemma generate" with this one.`,
      { feature: key, trait, value },
    );
  }
}

function assertEngine({ key, plan }: AnyFeature, engine: EngineName): void {
  if (plan.kind === "root" || plan.sql[engine] !== undefined) return;
  const engines = Object.keys(plan.sql);
  throw new InputError(
    "contract-mismatch",
    `The module of ${key} holds no SQL for ${engine}, only for ${engines.join(", ") || "no engine"}. Add "${engine}" to the setting "engines" of stemma.config.json, and run "npx stemma generate".`,
    { feature: key, engine, engines },
  );
}
