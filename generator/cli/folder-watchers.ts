import { join, sep } from "node:path";
import type { CliIo } from "./cli-io.ts";
import type { WatchedPlaces } from "./watched-places.ts";

/** Watches folders one by one: watching whole trees loses new folders under some versions of Node. */
export class FolderWatchers {
  readonly #io: CliIo;
  readonly #onChange: () => void;
  readonly #stops = new Map<string, () => void>();
  #places: WatchedPlaces = new Map();

  constructor(io: CliIo, onChange: () => void) {
    this.#io = io;
    this.#onChange = onChange;
  }

  /** Watches these places from now on. Tells whether some are new, so that what happened there before may be unknown. */
  watch(places: WatchedPlaces): boolean {
    this.#places = places;
    for (const folder of [...this.#stops.keys()]) if (!places.has(folder)) this.#stop(folder);
    const added = [...places.keys()].filter((folder) => !this.#stops.has(folder) && this.#start(folder));
    return added.length > 0;
  }

  close(): void {
    for (const folder of [...this.#stops.keys()]) this.#stop(folder);
  }

  #start(folder: string): boolean {
    const stop = this.#io.watchFolder(folder, (name) => this.#changed(folder, name));
    if (stop !== undefined) this.#stops.set(folder, stop);
    return stop !== undefined;
  }

  #stop(folder: string): void {
    this.#stops.get(folder)?.();
    this.#stops.delete(folder);
  }

  #changed(folder: string, name: string | undefined): void {
    const names = this.#places.get(folder);
    if (names !== "all" && name !== undefined && names?.has(name) !== true) return;
    // A folder that goes and comes back is another one, which the old watcher does not see.
    const path = name === undefined ? folder : join(folder, name);
    for (const other of [...this.#stops.keys()]) {
      if (other === path || other.startsWith(path + sep)) this.#stop(other);
    }
    this.#onChange();
  }
}
