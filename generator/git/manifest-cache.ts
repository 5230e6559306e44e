import { type Manifest, type ManifestError, parseManifest } from "../manifest/index.ts";
import type { Result } from "../pipeline/result.ts";
import type { SpecsAtCommit } from "./read-specs-at.ts";

/**
 * The latest manifests, by their texts. The manifests of a compile, of the last run and of the base often have the same
 * text; the cache returns the same object for all of them.
 */
export class ManifestCache {
  readonly #manifests = new Map<string, Result<Manifest, ManifestError>>();
  #specs: { readonly commit: string; readonly specs: Promise<SpecsAtCommit | undefined> } | undefined;

  add(text: string, reading: Result<Manifest, ManifestError>): void {
    this.#manifests.delete(text);
    this.#manifests.set(text, reading);
    const [oldest = text] = this.#manifests.keys();
    if (this.#manifests.size > maxEntries) this.#manifests.delete(oldest);
  }

  /** The specs at a commit, read once: a commit does not change. */
  specsAt(
    commit: string,
    read: () => Promise<SpecsAtCommit | undefined>,
  ): Promise<SpecsAtCommit | undefined> {
    if (this.#specs?.commit !== commit || !/^[0-9a-f]{40,}$/.test(commit)) {
      this.#specs = { commit, specs: read() };
    }
    return this.#specs.specs;
  }

  read(text: string): Result<Manifest, ManifestError> {
    const reading = this.#manifests.get(text) ?? parseManifest(text);
    this.add(text, reading);
    return reading;
  }
}

/** The three manifests of a run, and a spare one. */
const maxEntries = 4;
