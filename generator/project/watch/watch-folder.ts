import { watch } from "node:fs";

/** Watches one folder, as {@link CliIo.watchFolder} says. */
export function watchFolder(
  path: string,
  onChange: (name: string | undefined) => void,
): (() => void) | undefined {
  try {
    const watcher = watch(path, (_event, name) => onChange(name ?? undefined));
    // Some systems report an error when the folder goes: a change like any other.
    watcher.on("error", () => onChange(undefined));
    return () => watcher.close();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
