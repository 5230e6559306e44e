import { dirname, relative, sep } from "node:path";
import type { WatchTargets } from "./watch-targets.ts";

/** What a watcher reports. */
export interface PathFilter {
  /** Also watch subfolders. */
  readonly isRecursive: boolean;
  /** Whether to skip a path, and what is in it. */
  isIgnored(path: string): boolean;
  /** Called after a change of this path. */
  onChange(path: string): void;
}

/**
 * Watches folders. It resolves when changes are reported from now on, to a function that stops it, and rejects with the
 * error of the operating system.
 */
export type OpenWatcher = (folders: readonly string[], filter: PathFilter) => Promise<() => Promise<void>>;

/** Watches folders with chokidar, which is loaded on demand. */
export const openWatcher: OpenWatcher = async (folders, { isRecursive, isIgnored, onChange }) => {
  const { watch } = await import("chokidar");
  const depth = isRecursive ? {} : { depth: 0 };
  const watcher = watch([...folders], { ignoreInitial: true, ignored: isIgnored, ...depth });
  watcher.on("all", (_event, path) => onChange(path));
  try {
    await new Promise<void>((resolve, reject) => watcher.once("ready", resolve).once("error", reject));
  } catch (error) {
    await watcher.close();
    throw error;
  }
  // Some systems report the removal of a watched folder as an error.
  watcher.on("error", () => onChange(""));
  return () => watcher.close();
};

/** Watches the files that a compile reads. */
export class FileWatcher {
  readonly #open: OpenWatcher;
  readonly #onChange: () => void;
  readonly #tree = new Slot();
  readonly #entries = new Slot();
  #folders: WatchTargets["folders"] = new Map();

  constructor(open: OpenWatcher, onChange: () => void) {
    this.#open = open;
    this.#onChange = onChange;
  }

  /** Watches these targets from now on. Returns whether it watches new ones, in which a change may have been missed. */
  async watch({ tree, folders: treeFolders, excluded, entries }: WatchTargets): Promise<boolean> {
    // The system watches a folder, not its path: one that was removed and created again needs a new watcher.
    if ([...treeFolders].some(([folder, identity]) => (this.#folders.get(folder) ?? identity) !== identity)) {
      await this.#tree.close();
    }
    this.#folders = treeFolders;
    const isTreeNew = await this.#tree.set(tree && `${tree}\0${excluded}`, (invalidate) =>
      this.#open(tree === undefined ? [] : [tree], {
        isRecursive: true,
        isIgnored: (path) => path === excluded || isHidden(relative(tree ?? "", path)),
        onChange: (path) => {
          if (path === tree || path === "") invalidate();
          this.#onChange();
        },
      }),
    );
    const folders = new Set(entries.map(dirname));
    const watched = new Set([...folders, ...entries]);
    const areEntriesNew = await this.#entries.set(entries.join("\0"), (invalidate) =>
      this.#open([...folders], {
        isRecursive: false,
        isIgnored: (path) => !watched.has(path),
        onChange: (path) => {
          if (!watched.has(path) || folders.has(path)) invalidate();
          this.#onChange();
        },
      }),
    );
    return isTreeNew || areEntriesNew;
  }

  async close(): Promise<void> {
    await this.#tree.close();
    await this.#entries.close();
  }
}

/** Whether an entry of the tree is skipped, as the reader of specs does. */
function isHidden(path: string): boolean {
  const isInside = path !== "" && !path.startsWith("..");
  return isInside && path.split(sep).some((name) => name.startsWith(".") || name === "node_modules");
}

/** One watcher, opened again when what it watches changes. */
class Slot {
  #key: string | undefined;
  #stop: (() => Promise<void>) | undefined;

  /** Opens a watcher for a key, unless it is open already; an undefined key only closes. Returns whether it opened one. */
  async set(
    key: string | undefined,
    open: (invalidate: () => void) => Promise<() => Promise<void>>,
  ): Promise<boolean> {
    if (key === this.#key) return false;
    await this.close();
    if (key === undefined) return false;
    this.#key = key;
    this.#stop = await open(() => {
      if (this.#key === key) this.#key = undefined;
    });
    return true;
  }

  async close(): Promise<void> {
    const stop = this.#stop;
    this.#key = undefined;
    this.#stop = undefined;
    await stop?.();
  }
}
