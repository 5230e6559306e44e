import type { CheckStep } from "../../contract.ts";
import type { CastCheck } from "./accept-scalar.ts";

/** How values that arrived become values of a declared type. */
export interface Accepted {
  /** SQL of the value in its declared type. */
  readonly cast: (value: string) => string;
  /** Whether that is a plain cast. */
  readonly isPlain: boolean;
  /** What the arrived values must satisfy, so that the cast changes none of them. */
  readonly checks: readonly (CastCheck & { readonly steps: readonly CheckStep[] })[];
}

/** A type whose cast would change values. */
export class IncompatibleType extends Error {
  readonly steps: readonly CheckStep[];

  constructor(steps: readonly CheckStep[], message: string) {
    super(message);
    this.steps = steps;
  }
}
