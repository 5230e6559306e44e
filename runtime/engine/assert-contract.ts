import { InputError } from "../errors.ts";

/** Refuses what is no feature, or comes of a generator that speaks another contract. */
export function assertContract(feature: unknown): void {
  const contract =
    typeof feature === "object" && feature !== null && "contract" in feature ? feature.contract : undefined;
  if (contract === 1) return;
  if (contract === undefined) {
    throw new InputError(
      "contract-mismatch",
      "This is no feature. Pass what a generated module exports, such as { Audio } of ./generated/audio.js.",
    );
  }
  throw new InputError(
    "contract-mismatch",
    `This feature was generated for contract ${String(contract)}, and this runtime reads contract 1. Run "npx stemma generate" with the installed version.`,
    { contract },
  );
}
