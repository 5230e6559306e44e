export {
  type CompileOptions,
  type CompileResult,
  compileProject,
  type GeneratedFile,
} from "./compile-project.ts";
export type { Diagnostic, Location, Severity } from "./diagnostics/diagnostic.ts";
export {
  diffManifests,
  type LocationLink as LinkTo,
  type MarkdownOptions,
  type MermaidOptions,
  renderAnnotations,
  renderDiffJson,
  renderMarkdown,
  renderMermaid,
  renderText as renderTerminal,
  type TextOptions as TerminalOptions,
  type VersionDiff,
} from "./diff/index.ts";
export {
  type Manifest,
  type ManifestFeature,
  type ManifestReading,
  parseManifest,
  printManifest,
} from "./manifest/index.ts";
export type { Sources } from "./source/source-file.ts";
