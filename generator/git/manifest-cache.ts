import { type ManifestText, readManifestText } from "./manifest-text.ts";
import type { SpecsAtCommit } from "./read-specs-at.ts";

/**
 * The manifests that were met last, by their texts: what a project compiles to, what it did last, and what it is
 * compared with are often the same to the letter. They are the same object then.
 */
export class ManifestCache {
  readonly #manifests = new Map<string, ManifestText>();
  #specs: { readonly commit: string; readonly specs: Promise<SpecsAtCommit | undefined> } | undefined;

  add(text: string, reading: ManifestText): void {
    this.#manifests.delete(text);
    this.#manifests.set(text, reading);
    const [oldest = text] = this.#manifests.keys();
    if (this.#manifests.size > maxEntries) this.#manifests.delete(oldest);
  }

  /** The specs at a commit, read once: what is committed does not change. */
  specsAt(
    commit: string,
    read: () => Promise<SpecsAtCommit | undefined>,
  ): Promise<SpecsAtCommit | undefined> {
    if (this.#specs?.commit !== commit || !/^[0-9a-f]{40,}$/.test(commit)) {
      this.#specs = { commit, specs: read() };
    }
    return this.#specs.specs;
  }

  read(text: string): ManifestText {
    const reading = this.#manifests.get(text) ?? readManifestText(text);
    this.add(text, reading);
    return reading;
  }
}

/** The three above, and one in reserve. */
const maxEntries = 4;
