import { describe, expect, it } from "vitest";
import {
  acknowledgeChanges,
  diffManifests,
  type FailOn,
  findFailures,
  parseAcknowledgements,
  parseFailOn,
  type VersionDiff,
} from "../../../generator/diff/index.ts";
import { describeFailures } from "../../../generator/report/text/describe-output.ts";
import { renderDiagnosticsText } from "../../../generator/report/text/render-diagnostics.ts";
import { buildSpec, integer, text } from "../../support/build-spec.ts";
import { compile } from "../../support/golden-diff-case.ts";

const file = "stemma.acknowledged.json";

const clip = { columns: { id: text, path: text, seconds: integer }, ids: ["id"] };
const before = [buildSpec("clip", clip), buildSpec("speech", { ...clip, deps: ["clip"] })];
const after = [
  buildSpec("clip", { ...clip, columns: { id: text, path: integer } }),
  buildSpec("speech", { ...clip, deps: [{ feature: "clip", where: ["path > 1"] }] }),
];

function diffOf(from: readonly object[], to: readonly object[], indent = 0): VersionDiff {
  const manifest = (specs: readonly object[]) =>
    compile(
      Object.fromEntries(
        specs.map((spec, index) => [`schemas/${index}.feature.json`, JSON.stringify(spec, null, indent)]),
      ),
      64,
    );
  return diffManifests(manifest(from), manifest(to));
}

function failOn(...texts: string[]): FailOn {
  const reading = parseFailOn(texts);
  if (!reading.ok) throw new Error(reading.errors[0]?.message);
  return reading.value;
}

function failing(diff: VersionDiff, ...texts: string[]): string[] {
  return findFailures(diff, failOn(...texts)).map(({ feature, change }) => `${feature}: ${change.rule}`);
}

describe("what fails", () => {
  const diff = diffOf(before, after);

  it("is named by rules, or by severities, each with those above it", () => {
    expect(failing(diff, "error")).toEqual([
      "clip: column-type",
      "clip: column-removed",
      "speech: input-column-type",
      "speech: input-column-removed",
    ]);
    expect(failing(diff, "filter")).toEqual(["speech: filter"]);
    expect(failing(diff, "filter, column-type")).toEqual(["clip: column-type", "speech: filter"]);
    expect(failing(diff, "warning")).toEqual([
      ...failing(diff, "error").slice(0, 2),
      "speech: filter",
      ...failing(diff, "error").slice(2),
    ]);
    expect(failing(diff)).toEqual([]);
  });

  it("says what was meant by an unknown id", () => {
    expect(parseFailOn(["colum-type", "zzz"])).toEqual({
      ok: false,
      errors: [
        {
          code: "rule-unknown",
          message: 'Unknown rule or severity "colum-type".',
          hint: 'Did you mean "column-type"?',
        },
        {
          code: "rule-unknown",
          message: 'Unknown rule or severity "zzz".',
          hint: expect.stringMatching(/^Known: "error", /),
        },
      ],
    });
  });

  it("includes changes that concern every feature", () => {
    const manifest = (length: number) =>
      compile({ "schemas/a.feature.json": JSON.stringify(before[0]) }, length);
    const [failure] = findFailures(diffManifests(manifest(8), manifest(16)), failOn("hash-length"));
    expect(failure).not.toHaveProperty("feature");
    const { acknowledgements, diagnostics } = parseAcknowledgements(
      file,
      `[${failure?.acknowledgement.replace("…", "agreed")}]`,
    );
    expect(diagnostics).toEqual([]);
    expect(acknowledgements).toHaveLength(1);
  });

  it("comes with the lines to add", () => {
    expect(
      `\n${describeFailures(findFailures(diff, failOn("column-type", "filter")), { path: file, entries: 0 })}`,
    ).toMatchInlineSnapshot(`
      "
      2 changes fail:
        clip: The column path is BIGINT instead of VARCHAR. Stored values stay as they are, provided that each stored string is a whole number up to 2^53 as it is printed. [column-type]
        speech: The filter on clip changed from none to "path > 1". [filter]
      To accept them, add these lines to the list in stemma.acknowledged.json, with the reason in place of "…":
        { "fingerprint": "13840d398b6ef5da", "rule": "column-type", "feature": "clip", "reason": "…" },
        { "fingerprint": "1fc4392000b74cf7", "rule": "filter", "feature": "speech", "reason": "…" }
      "
    `);
  });
});

describe("the lines to add", () => {
  const failures = findFailures(diffOf(before, after), failOn("filter"));

  it("are a whole file where there is none", () => {
    const failureText = describeFailures(failures, { path: file, entries: undefined });
    expect(failureText).toContain(
      `To accept it, write this to ${file}, with the reason in place of "…":\n[\n  {`,
    );
    const text = failureText.slice(failureText.indexOf("\n[\n")).replace("…", "agreed");
    expect(parseAcknowledgements(file, text)).toMatchObject({ acknowledgements: [{}], diagnostics: [] });
  });

  it("need a comma behind those that are there", () => {
    expect(describeFailures(failures, { path: file, entries: 2 })).toContain(
      `add this line to the list in ${file}, with a comma after the entry before, with the reason`,
    );
  });
});

describe("acknowledgements", () => {
  const diff = diffOf(before, after);
  const lines = findFailures(diff, failOn("info")).map(({ acknowledgement }) => acknowledgement);
  const acknowledgementsText = `[\n${lines.join(",\n").replaceAll("…", "Agreed with the readers.")}\n]`;

  it("silence what they name, and leave it listed", () => {
    const { acknowledgements, diagnostics } = parseAcknowledgements(file, acknowledgementsText);
    expect(diagnostics).toEqual([]);
    const acknowledged = acknowledgeChanges(diff, acknowledgements);
    expect(acknowledged.diagnostics).toEqual([]);
    expect(failing(acknowledged.diff, "info")).toEqual([]);
    expect(acknowledged.diff.features.map(({ changes }) => changes.length)).toEqual(
      diff.features.map(({ changes }) => changes.length),
    );
    expect(acknowledged.diff.features[0]?.changes[0]).toMatchObject({
      acknowledged: true,
      reason: "Agreed with the readers.",
    });
  });

  it("accept nothing where they name another change than that of their fingerprint", () => {
    for (const [name, other] of [
      ["rule", "select"],
      ["feature", "clip"],
    ] as const) {
      const [entry] = JSON.parse(acknowledgementsText).filter(
        ({ rule }: { rule: string }) => rule === "filter",
      );
      const { acknowledgements } = parseAcknowledgements(file, JSON.stringify([{ ...entry, [name]: other }]));
      const { diff: acknowledgedDiff, diagnostics } = acknowledgeChanges(diff, acknowledgements);
      expect(acknowledgedDiff).toEqual(diff);
      expect(diagnostics).toMatchObject([{ code: "acknowledgement-other-change", severity: "error" }]);
      expect(diagnostics[0]?.message).toContain(
        "but its fingerprint is that of filter of speech: it accepts nothing.",
      );
    }
  });

  it("survive formatting, new commits and other changes", () => {
    const { acknowledgements } = parseAcknowledgements(file, acknowledgementsText);
    const bumped = after.map((spec) => JSON.parse(JSON.stringify(spec)));
    bumped[0].feature.fields = [{ key: "default", codeVersion: "2" }];
    bumped[1].properties.speaker = { type: "string" };
    const { diff: later } = acknowledgeChanges(diffOf(before, bumped, 2), acknowledgements);
    expect(failing(later, "info")).toEqual(["clip: code-version", "speech: column-added"]);
  });

  it("do not silence the same kind of change with other values", () => {
    const { acknowledgements } = parseAcknowledgements(file, acknowledgementsText);
    const other = after.map((spec) => JSON.parse(JSON.stringify(spec)));
    other[1].feature.deps[0].where = ["path > 2"];
    const { diff: later, diagnostics } = acknowledgeChanges(diffOf(before, other), acknowledgements);
    expect(failing(later, "filter")).toEqual(["speech: filter"]);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "The acknowledged change (filter of speech) is not part of this diff.",
    ]);
  });

  it("are refused with their place where they are wrong", () => {
    const wrong = `[
  { "fingerprint": "0123456789abcdef", "rule": "filtr", "feature": "speech", "reason": "x" },
  { "fingerprint": "0123", "rule": "filter", "feature": "speech", "reason": "…" },
  { "fingerprint": "1123456789abcdef", "rule": "filter", "reason": "x", "resaon": "y" },
  "filter",
  { "fingerprint": "2123456789abcdef", "rule": "hash-length", "reason": "x" },
  { "fingerprint": "2123456789abcdef", "rule": "hash-length", "reason": "x" }
]`;
    const { acknowledgements, diagnostics } = parseAcknowledgements(file, wrong);
    expect(acknowledgements.map(({ fingerprint }) => fingerprint)).toEqual(["2123456789abcdef"]);
    expect(
      `\n${renderDiagnosticsText(diagnostics, { [file]: wrong }, { color: false })}`,
    ).toMatchInlineSnapshot(`
      "
      stemma.acknowledged.json:2:48: error: Unknown rule "filtr". [acknowledgement-unknown-rule]
      2 |   { "fingerprint": "0123456789abcdef", "rule": "filtr", "feature": "speech", "reason": "x" },
        |                                                ^^^^^^^
        = Did you mean "filter"?

      stemma.acknowledged.json:3:20: error: "fingerprint" must be the sixteen hexadecimal digits that \`stemma diff\` prints, not "0123". [acknowledgement-invalid]
      3 |   { "fingerprint": "0123", "rule": "filter", "feature": "speech", "reason": "…" },
        |                    ^^^^^^

      stemma.acknowledged.json:3:77: error: "reason" must be a string that says why the change is accepted, not "…". [acknowledgement-invalid]
      3 |   { "fingerprint": "0123", "rule": "filter", "feature": "speech", "reason": "…" },
        |                                                                             ^^^

      stemma.acknowledged.json:4:3: error: The acknowledgement has no "feature": it must be the key of a feature. [acknowledgement-invalid]
      4 |   { "fingerprint": "1123456789abcdef", "rule": "filter", "reason": "x", "resaon": "y" },
        |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

      stemma.acknowledged.json:4:73: error: An acknowledgement has no property "resaon". [acknowledgement-unknown-property]
      4 |   { "fingerprint": "1123456789abcdef", "rule": "filter", "reason": "x", "resaon": "y" },
        |                                                                         ^^^^^^^^
        = Did you mean "reason"?

      stemma.acknowledged.json:5:3: error: An acknowledgement must be an object, not "filter". [acknowledgement-not-an-object]
      5 |   "filter",
        |   ^^^^^^^^
        = Write the line that \`stemma diff\` prints.

      stemma.acknowledged.json:7:3: error: The change 2123456789abcdef is acknowledged twice. [acknowledgement-twice]
      7 |   { "fingerprint": "2123456789abcdef", "rule": "hash-length", "reason": "x" }
        |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        = Remove one of the two.

      7 errors in 1 file
      "
    `);
    expect(parseAcknowledgements(file, "{}").diagnostics).toMatchObject([
      { code: "acknowledgements-not-a-list", line: 1, column: 1 },
    ]);
    expect(parseAcknowledgements(file, "[").diagnostics).toMatchObject([{ code: "json-syntax" }]);
  });
});
