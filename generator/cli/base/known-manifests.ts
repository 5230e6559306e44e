import { type ManifestText, readManifestText } from "./manifest-text.ts";

/**
 * The manifests that were met last, by their texts: what a project compiles to, what it did last, and what it is
 * compared with are often the same to the letter. They are the same object then.
 */
export class KnownManifests {
  readonly #known = new Map<string, ManifestText>();

  add(text: string, reading: ManifestText): void {
    this.#known.delete(text);
    this.#known.set(text, reading);
    const [oldest = text] = this.#known.keys();
    if (this.#known.size > mostKnown) this.#known.delete(oldest);
  }

  read(text: string): ManifestText {
    const reading = this.#known.get(text) ?? readManifestText(text);
    this.add(text, reading);
    return reading;
  }
}

/** The three above, and one in reserve. */
const mostKnown = 4;
