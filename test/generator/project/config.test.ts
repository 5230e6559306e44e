import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { expandVariables } from "../../../generator/cli/find-store.ts";
import { type ConfigFiles, defaultConfig, readConfig } from "../../../generator/project/settings/index.ts";
import { engineNames } from "../../../runtime/dialect/dialects.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../../schemas/config.schema.json", import.meta.url), "utf8"),
);

function fromFile(text: string): ReturnType<typeof readConfig> {
  return readConfig({ configFile: { file: "stemma.config.json", text } });
}

/** Diagnostics as `place code: message (hint)`. */
function problems(files: ConfigFiles): string[] {
  return readConfig(files).diagnostics.map(
    ({ file, line, column, code, message, hint }) =>
      `${file}:${line}:${column} ${code}: ${message}${hint === undefined ? "" : ` (${hint})`}`,
  );
}

describe("settings of a project", () => {
  it("have defaults that do not depend on the folder", () => {
    expect(readConfig({})).toEqual({ config: defaultConfig, diagnostics: [] });
    expect(defaultConfig).toEqual({
      project: "stemma-project",
      schemas: "schemas",
      generated: "generated",
      hashLength: 64,
      importExtension: ".js",
      engines: ["duckdb"],
      stores: {},
      diff: { failOn: [], acknowledgements: "stemma.acknowledged.json" },
    });
  });

  it("take the project's name from package.json, unless they say otherwise", () => {
    const packageJson = { file: "package.json", text: '{ "name": "@acme/video", "name2": 1 }' };
    expect(readConfig({ packageJson }).config?.project).toBe("@acme/video");
    const configFile = { file: "stemma.config.json", text: '{ "project": "p" }' };
    expect(readConfig({ packageJson, configFile }).config?.project).toBe("p");
    for (const name of ["7", '""', "null", "[]"]) {
      const odd = { file: "package.json", text: `{ "name": ${name} }` };
      expect(readConfig({ packageJson: odd }).config?.project).toBe("stemma-project");
    }
  });

  it("stand in package.json or in a file of their own", () => {
    const text =
      '{ "schemas": "./specs/", "generated": "src/generated", "hashLength": 8, "importExtension": "", "engines": ["duckdb"], ' +
      '"stores": { "prod": { "database": "features.duckdb" } }, "defaultStore": "prod", ' +
      '"diff": { "failOn": ["error"] } }';
    const expected = {
      project: "stemma-project",
      schemas: "specs",
      generated: "src/generated",
      hashLength: 8,
      importExtension: "",
      engines: ["duckdb"],
      stores: { prod: { database: "features.duckdb" } },
      defaultStore: "prod",
      diff: { failOn: ["error"], acknowledgements: "stemma.acknowledged.json" },
    };
    expect(fromFile(text)).toEqual({ config: expected, diagnostics: [] });
    const packageJson = { file: "package.json", text: `{ "stemma": ${text} }` };
    expect(readConfig({ packageJson }).config).toEqual(expected);
  });

  it("may name their schema, for editors", () => {
    expect(fromFile('{ "$schema": "./node_modules/stemma/schemas/config.schema.json" }').config).toEqual(
      defaultConfig,
    );
  });

  it("name the engines that have a dialect", () => {
    expect(schema.properties.engines.items.enum).toEqual(engineNames);
    expect(schema.properties.engines.default).toEqual(defaultConfig.engines);
  });

  it("allow modules below the specs, not specs below the modules", () => {
    expect(fromFile('{ "schemas": "src", "generated": "src/generated" }').diagnostics).toEqual([]);
    expect(fromFile('{ "schemas": "generated-specs" }').diagnostics).toEqual([]);
  });
});

describe("wrong settings are told with their place", () => {
  it.each([
    ["a typo", '{\n  "hashLenght": 8\n}'],
    ["a name of nothing known", '{ "zzzzzz": 8 }'],
    ["a store without a database", '{ "stores": { "prod": {} } }'],
    ["a store that is a path", '{ "stores": { "prod": "features.duckdb" } }'],
    ["a typo in a store", '{ "stores": { "prod": { "databse": "features.duckdb" } } }'],
    ["an unknown hash", '{ "stores": { "a/b": { "database": "x", "hash": "sha1" } } }'],
    ["a store without a name", '{ "stores": { "": { "database": "x" } } }'],
    ["an unknown default store", '{ "stores": { "prod": { "database": "x" } }, "defaultStore": "prd" }'],
    ["a default store without stores", '{ "defaultStore": "prod" }'],
    ["a typo in the settings of the diff", '{ "diff": { "failon": ["error"] } }'],
    ["no list of what fails", '{ "diff": { "failOn": "error" } }'],
    ["a number among what fails", '{ "diff": { "failOn": ["error", 3] } }'],
    ["several at once", '{ "hashLength": 4, "project": "", "importExtension": ".mjs", "generated": 3 }'],
    ["an engine of which nothing is known", '{ "engines": ["duckdb", "postgres"] }'],
    ["no engine", '{ "engines": [] }'],
    ["one engine twice", '{ "engines": ["duckdb", "duckdb"] }'],
    ["an engine that is not in a list", '{ "engines": "duckdb" }'],
    ["not an integer", '{ "hashLength": "64" }'],
    ["an absolute folder", '{ "schemas": "/etc/schemas" }'],
    ["a folder outside", '{ "schemas": "../schemas" }'],
    ["a hidden way outside", '{ "generated": "a/../../b" }'],
    ["the project itself", '{ "generated": "." }'],
    ["backslashes", '{ "generated": "src\\\\generated" }'],
    ["one folder for both", '{ "generated": "schemas" }'],
    ["specs among modules", '{ "schemas": "src/specs", "generated": "src/" }'],
    ["not an object", '["schemas"]'],
    ["a prototype's name", '{ "constructor": 1, "__proto__": 2 }'],
    ["not JSON", "{ schemas: 'x' }"],
    ["empty", ""],
    ["a key twice", '{ "project": "a", "project": "b" }'],
  ])("%s", (_, text) => {
    const reading = fromFile(text);
    expect(reading.config).toBeUndefined();
    expect(problems({ configFile: { file: "stemma.config.json", text } })).toMatchSnapshot();
  });

  it("in package.json too", () => {
    const packageJson = {
      file: "package.json",
      text: '{\n  "name": "x",\n  "stemma": { "hashLength": 1 }\n}',
    };
    expect(problems({ packageJson })).toMatchInlineSnapshot(`
      [
        "package.json:3:29 config-invalid-value: "hashLength" must be an integer of at least 8, not 1.",
      ]
    `);
  });

  it("where package.json can't be read", () => {
    expect(problems({ packageJson: { file: "package.json", text: '{ "name": }' } })).toMatchInlineSnapshot(`
      [
        "package.json:1:11 json-syntax: This is not JSON: } is not expected here.",
      ]
    `);
  });

  it("where they stand in two places, unless one was asked for", () => {
    const files = {
      packageJson: { file: "package.json", text: '{ "stemma": {} }' },
      configFile: { file: "stemma.config.json", text: '{ "hashLength": 8 }' },
    };
    expect(problems(files)).toMatchInlineSnapshot(`
      [
        "package.json:1:3 config-in-two-places: The project has settings both here and in stemma.config.json. (Keep one of the two: move these to stemma.config.json, or remove that file.)",
      ]
    `);
    expect(readConfig({ ...files, isExplicit: true }).config?.hashLength).toBe(8);
  });
});

describe("the published schema", () => {
  it("is strict, and explains each setting", () => {
    const validate = new Ajv2020({ strict: true }).compile(schema);
    for (const example of schema.examples) expect(validate(example)).toBe(true);
    for (const setting of Object.values<Record<string, unknown>>(schema.properties)) {
      expect(setting).toMatchObject({
        title: expect.any(String),
        description: expect.any(String),
        examples: expect.any(Array),
      });
    }
  });

  it("states the defaults that hold", () => {
    const { project: _, ...stated } = defaultConfig;
    for (const [setting, value] of Object.entries(stated)) {
      expect(schema.properties[setting].default).toEqual(value);
    }
    const optional = ["$schema", "defaultStore"];
    const named = Object.keys(schema.properties).filter((setting) => !optional.includes(setting));
    expect(named).toEqual(Object.keys(defaultConfig));
  });
});

describe("environment variables in a text", () => {
  it.each([
    ["features.duckdb", "features.duckdb"],
    [`\${DATA}/features.duckdb`, "/data/features.duckdb"],
    [`\${NONE:-local}.duckdb`, "local.duckdb"],
    [`\${EMPTY:-local}.duckdb`, "local.duckdb"],
    [`\${DATA:-local}\${NONE:-}`, "/data"],
    [`$DATA and \${}`, `$DATA and \${}`],
  ])("%s", (text, expanded) => {
    expect(expandVariables(text, { DATA: "/data", EMPTY: "" })).toEqual({ ok: true, value: expanded });
  });

  it("must be set where they have no default", () => {
    expect(expandVariables(`\${A:-x}\${B}`, {})).toEqual({ ok: false, errors: ["B"] });
  });
});
