import { join, sep } from "node:path";
import type { CliIo } from "../../cli/cli-io.ts";
import type { WatchTargets } from "./watch-targets.ts";

/** Watches folders one by one: watching whole trees loses new folders under some versions of Node. */
export class FolderWatchers {
  readonly #io: CliIo;
  readonly #onChange: () => void;
  readonly #stops = new Map<string, () => void>();
  #targets: WatchTargets = new Map();

  constructor(io: CliIo, onChange: () => void) {
    this.#io = io;
    this.#onChange = onChange;
  }

  /** Watches these places from now on. Tells whether some are new, so that what happened there before may be unknown. */
  watch(targets: WatchTargets): boolean {
    this.#targets = targets;
    for (const folder of [...this.#stops.keys()]) if (!targets.has(folder)) this.#stop(folder);
    const added = [...targets.keys()].filter((folder) => !this.#stops.has(folder) && this.#start(folder));
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
    const names = this.#targets.get(folder);
    if (names !== "all" && name !== undefined && names?.has(name) !== true) return;
    // A folder that goes and comes back is another one, which the old watcher does not see.
    const path = name === undefined ? folder : join(folder, name);
    for (const other of [...this.#stops.keys()]) {
      if (other === path || other.startsWith(path + sep)) this.#stop(other);
    }
    this.#onChange();
  }
}
