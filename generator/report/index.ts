export { renderAnnotations } from "./github/render-annotations.ts";
export { renderDiffJson } from "./json/render-json.ts";
export { type LocationLink, mapLocations } from "./locations.ts";
export { type MarkdownOptions, renderMarkdown } from "./markdown/render-markdown.ts";
export { type MermaidOptions, renderMermaid } from "./mermaid/render-mermaid.ts";
export type { TextStyle } from "./text/layout.ts";
export { renderText, type TextOptions } from "./text/render-text.ts";
