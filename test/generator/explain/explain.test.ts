import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileModel } from "../../../generator/compile-project.ts";
import { type Explanation, explainFeature, explainField } from "../../../generator/explain/index.ts";
import type { Result } from "../../../generator/pipeline/result.ts";
import { printfCommand, renderExplanation } from "../../../generator/report/text/render-explanation.ts";
import { arbitraryProject } from "../../oracle/arbitrary-project.ts";
import { buildSpec, text } from "../../support/build-spec.ts";

const specs = [
  buildSpec("clip", {
    columns: { id: text },
    ids: ["id"],
    fields: [{ key: "audio", codeVersion: "it's 1" }, "frames"],
  }),
  buildSpec("speech", {
    columns: { id: text },
    ids: ["id"],
    deps: ["clip"],
    fields: [{ key: "text", deps: [{ feature: "clip", fields: ["audio"] }] }],
  }),
];

function compiled(documents: readonly object[], hashLength: number) {
  const sources = Object.fromEntries(
    documents.map((spec, index) => [`schemas/${index}.feature.json`, JSON.stringify(spec)]),
  );
  const { project, versions } = compileModel(sources, { hashLength, schemas: "schemas" });
  if (project === undefined || versions === undefined) throw new Error("it does not compile");
  return { project, versions };
}

function explained(explanation: Result<Explanation>): Explanation {
  if (!explanation.ok) throw new Error(explanation.errors[0]?.message);
  return explanation.value;
}

describe("the explanation of a version", () => {
  it("goes down to code versions, with the commands that compute them", () => {
    const { project, versions } = compiled(specs, 8);
    expect(
      `\n${renderExplanation(explained(explainField(project, versions, "speech.text")))}`,
    ).toMatchInlineSnapshot(`
      "
      speech.text  91e9d241

      Each version is the SHA-256 of a string, truncated to 8 characters. Versions that it contains are printed before it.

      clip.audio  6297bd96  schemas/0.feature.json:1:191
        name         clip.audio
        codeVersion  "it's 1"
        $ printf %s 'clip.audioit'\\''s 1' | sha256sum | cut -c1-8

      speech.text  91e9d241  schemas/1.feature.json:1:180
        name         speech.text
        codeVersion  "__metaxy_initial__", the default
        clip.audio   6297bd96
        $ printf %s 'speech.text__metaxy_initial__6297bd96' | sha256sum | cut -c1-8
      "
    `);
    expect(
      `\n${renderExplanation(explained(explainFeature(project, versions, "clip")))}`,
    ).toMatchInlineSnapshot(`
      "
      clip  94200151

      Each version is the SHA-256 of a string, truncated to 8 characters. Versions that it contains are printed before it.

      clip.audio  6297bd96  schemas/0.feature.json:1:191
        name         clip.audio
        codeVersion  "it's 1"
        $ printf %s 'clip.audioit'\\''s 1' | sha256sum | cut -c1-8

      clip.frames  61602bf0  schemas/0.feature.json:1:201
        name         clip.frames
        codeVersion  "__metaxy_initial__", the default
        $ printf %s 'clip.frames__metaxy_initial__' | sha256sum | cut -c1-8

      clip  94200151  schemas/0.feature.json:1:126
        name         audio
        clip.audio   6297bd96
        name         frames
        clip.frames  61602bf0
        $ printf %s 'audio6297bd96frames61602bf0' | sha256sum | cut -c1-8
      "
    `);
  });

  it("breaks its sentences, and no command, where the terminal is narrow", () => {
    const { project, versions } = compiled(specs, 8);
    const explanation = explained(explainField(project, versions, "speech.text"));
    const [, intro = "", ...blocks] = renderExplanation(explanation, 40).split("\n\n");
    for (const line of intro.split("\n")) expect(line.length).toBeLessThanOrEqual(40);
    const [, whole, ...same] = renderExplanation(explanation).split("\n\n");
    expect(intro.replaceAll("\n", " ")).toBe(whole);
    expect(blocks).toEqual(same);
  });

  it("can be redone in a shell", () => {
    const { project, versions } = compiled(specs, 8);
    const rendered = renderExplanation(explained(explainField(project, versions, "speech.text")));
    const printed = [...rendered.matchAll(/^\S+ {2}([0-9a-f]+) .*\n(?: {2}\w.*\n)*? {2}\$ (.*)$/gm)];
    expect(printed).toHaveLength(2);
    for (const [, version, command = ""] of printed) {
      expect(run(command).split(/\s/)[0]).toBe(version);
    }
  });

  it("can be redone from the text alone, for every field and feature of any project", () => {
    fc.assert(
      fc.property(arbitraryProject, ({ hashLength, specs }) => {
        const { project, versions } = compiled(specs, hashLength);
        for (const feature of project.features) {
          const known = versions.features.get(feature);
          expect(redone(explainFeature(project, versions, feature.key))).toBe(known?.featureVersion);
          for (const field of feature.fields) {
            const version = redone(explainField(project, versions, field.fullName));
            expect(version).toBe(known?.fields.get(field));
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it("takes each field once, where 2^40 paths lead to it", () => {
    const layers = Array.from({ length: 41 }, (_, layer) =>
      buildSpec(`layer${layer}`, {
        columns: { id: text },
        ids: ["id"],
        ...(layer === 0 ? {} : { deps: [{ feature: `layer${layer - 1}`, fieldsMapping: { type: "all" } }] }),
        fields: ["l", "r"],
      }),
    );
    const { project, versions } = compiled(layers, 64);
    expect(explained(explainFeature(project, versions, "layer40")).steps).toHaveLength(83);
  });

  it("says what there is instead of an unknown name", () => {
    const { project, versions } = compiled(specs, 8);
    expect(explainField(project, versions, "speech.txt")).toEqual({
      ok: false,
      errors: [
        {
          code: "field-unknown",
          message: 'Unknown field "speech.txt".',
          hint: 'Did you mean "speech.text"?',
        },
      ],
    });
    expect(explainFeature(project, versions, "video")).toMatchObject({
      errors: [{ hint: 'Known: "clip", "speech".' }],
    });
  });
});

describe("the command that prints a text", () => {
  it("prints any text as it is", () => {
    for (const sample of [
      "",
      "it's",
      "a\\0101b",
      "%s %b",
      "a\nb\u0000\u001b[31m",
      "é\u202e\u{1f600}",
      "-n",
      "\\c",
    ]) {
      if (sample.includes("\u0000")) continue;
      expect(run(printfCommand(sample))).toBe(sample);
    }
  });

  it("stands on one line and shows no control", () => {
    expect(printfCommand("a\n\u202e'\\")).toBe("printf %b 'a\\0012\\0342\\0200\\0256'\\''\\\\'");
  });
});

function run(command: string): string {
  return execFileSync("sh", ["-c", command], { encoding: "utf8" });
}

/** Redoes an explanation by its rendered text: parts and versions, nothing else is believed. */
function redone(explanation: Result<Explanation>): string | undefined {
  const { hashLength } = explained(explanation);
  const hashes = new Map<string, string>();
  let last: string | undefined;
  for (const block of renderExplanation(explained(explanation)).trimEnd().split("\n\n").slice(2)) {
    const [head = "", ...lines] = block.split("\n");
    const [name = "", version] = head.split("  ");
    const printed = unquoted(lines.at(-1) ?? "");
    const hash = createHash("sha256").update(printed, "utf8").digest("hex").slice(0, hashLength);
    expect(hash).toBe(version);
    for (const line of lines.slice(0, -1)) {
      const [label = "", value = ""] = line.trim().split(/ {2,}/);
      if (hashes.has(label)) expect(hashes.get(label)).toBe(value);
    }
    hashes.set(name, hash);
    last = hash;
  }
  return last;
}

function unquoted(line: string): string {
  const [, format, word = ""] = /^ {2}\$ printf %([sb]) '(.*)' \| sha256sum/.exec(line) ?? [];
  expect(format).toBe("s");
  return word.replaceAll("'\\''", "'");
}
