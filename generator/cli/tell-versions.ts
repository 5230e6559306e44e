import type { GeneratedFile } from "../compile-project.ts";
import { renderUnmoved } from "../diff/render/render-unmoved.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { Base } from "./base/base.ts";
import type { CliIo } from "./cli-io.ts";
import type { OpenedProject } from "./open-project.ts";
import { wayFrom } from "./seen-from.ts";
import type { Terminal } from "./terminal.ts";

/** What is told of the versions of a project. */
export interface ToldVersions {
  /** For the terminal. */
  readonly text: string;
  /** The diff for reviewers. It tells of the last change of versions, so it stays as it is where nothing moved. */
  readonly files: readonly GeneratedFile[];
}

/** Tells how the versions of a project differ from those of a base. The diff is loaded where there may be one. */
export async function tellVersions(
  project: OpenedProject,
  manifest: Manifest,
  base: Base,
  terminal: Terminal,
  io: CliIo,
): Promise<ToldVersions> {
  const { description, isStandIn } = base;
  if (base.manifest === manifest) {
    return { text: renderUnmoved(manifest, isStandIn ? undefined : description), files: [] };
  }
  const { diffWithBase, hasMoved } = await import("./compare-versions.ts");
  const { mapPlaces, renderMarkdown, renderTerminal } = await import("../diff/index.ts");
  const diff = await diffWithBase(base, manifest, project);
  const seen = mapPlaces(diff, wayFrom(io.cwd, project.root));
  const named = isStandIn ? {} : { base: description };
  return {
    text: renderTerminal(seen, { ...terminal.dataStyle, ...named, brief: true }),
    files: hasMoved(diff)
      ? [
          {
            path: `${project.config.generated}/version-diff.md`,
            text: renderMarkdown(diff, { base: description }),
          },
        ]
      : [],
  };
}
