import { describe, expect, it } from "vitest";
import { diffManifests } from "../../../generator/diff/index.ts";
import {
  renderAnnotations,
  renderMarkdown,
  renderMermaid,
  renderText,
} from "../../../generator/report/index.ts";
import { sampleManifest } from "../../support/sample-manifest.ts";

const versions = (code: string) => sampleManifest({ clip: { fields: { audio: { code } } } });

describe("characters that cannot be seen", () => {
  it.each([
    ["\u202e", "\\u202e"],
    ["\u061c", "\\u061c"],
    ["\u2066", "\\u2066"],
    ["\u0085", "\\u0085"],
    ["\u007f", "\\u007f"],
    ["\u001b", "\\u001b"],
    ["\u2028", "\\u2028"],
  ])("%j is escaped in every text", (hidden, escaped) => {
    const diff = diffManifests(versions(`a${hidden}b`), versions("2"));
    const rendered = [
      renderAnnotations(diff),
      renderMarkdown(diff),
      renderText(diff, { color: false }),
      renderMermaid(diff),
    ];
    for (const text of rendered) expect(text).not.toContain(hidden);
    for (const text of rendered.slice(0, 3)) {
      expect(text.replaceAll("\\\\", "\\")).toContain(`"a${escaped}b"`);
      expect(text).not.toContain("\ufffd");
    }
  });
});
