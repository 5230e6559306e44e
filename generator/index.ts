export {
  type CompileOptions,
  type CompileResult,
  compileProject,
  type GeneratedFile,
} from "./compile-project.ts";
export type { Diagnostic } from "./diagnostics/diagnostic.ts";
export type { Location } from "./diagnostics/location.ts";
export type { Severity } from "./diagnostics/severity.ts";
export { diffManifests, type VersionDiff } from "./diff/index.ts";
export {
  type Manifest,
  type ManifestError,
  type ManifestFeature,
  parseManifest,
  printManifest,
} from "./manifest/index.ts";
export type { Result } from "./pipeline/result.ts";
export {
  type LocationLink,
  type MarkdownOptions,
  type MermaidOptions,
  renderAnnotations,
  renderDiffJson,
  renderMarkdown,
  renderMermaid,
  renderText,
  type TextOptions,
} from "./report/index.ts";
export type { Sources } from "./source/source-file.ts";
