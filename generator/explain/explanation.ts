/** How a version comes about, down to code versions: so that a person can redo it by hand. */
export interface Explanation {
  /** `feature.field`, or the key of a feature. */
  readonly name: string;
  readonly version: string;
  /** How many characters of each hash are kept. */
  readonly hashLength: number;
  /** Every version that goes into it, each once and after those that it is made of. The last is the asked one. */
  readonly steps: readonly ExplanationStep[];
}

/** One version, and the text that it is the hash of. */
export interface ExplanationStep {
  /** `feature.field`, or the key of a feature. */
  readonly name: string;
  /** The first characters of the SHA-256 of {@link text}. */
  readonly version: string;
  /** What is hashed, in UTF-8: the texts of the parts, without anything between them. */
  readonly text: string;
  readonly parts: readonly ExplanationPart[];
  /** Where the spec says it: the code version of a field, the key of a feature. */
  readonly at: { readonly file: string; readonly line: number; readonly column: number };
}

/** A piece of the text that is hashed. */
export interface ExplanationPart {
  readonly kind: "name" | "code-version" | "version";
  /** Of a version, whose it is. */
  readonly of?: string;
  readonly text: string;
}
