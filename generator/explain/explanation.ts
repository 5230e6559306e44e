import type { Location } from "../diagnostics/location.ts";

/** How a version is computed, down to code versions, so that a person can repeat it by hand. */
export interface Explanation {
  /** `feature.field`, or the key of a feature. */
  readonly name: string;
  readonly version: string;
  /** The number of characters to which hashes are truncated. */
  readonly hashLength: number;
  /** Every version that it depends on, each once and after its own inputs. The last step is the requested version. */
  readonly steps: readonly ExplanationStep[];
}

/** One version, and the text whose hash it is. */
export interface ExplanationStep {
  /** `feature.field`, or the key of a feature. */
  readonly name: string;
  /** The first characters of the SHA-256 of {@link text}. */
  readonly version: string;
  /** The hashed text, in UTF-8: the texts of the parts without separators. */
  readonly text: string;
  readonly parts: readonly ExplanationPart[];
  /** Location of the code version of a field, or of the key of a feature. */
  readonly at: Location;
}

/** A part of the hashed text. */
export interface ExplanationPart {
  readonly kind: "name" | "code-version" | "version";
  /** The field that a version belongs to. */
  readonly of?: string;
  readonly text: string;
}
