/** What each setting must be, by its path; `*` stands for any name or index. The published schema says the same to machines. */
export const wantedSettings: Readonly<Record<string, string>> = {
  $schema: "a text",
  project: "a text that is not empty",
  schemas: "a folder inside of the project, relative to it and with /",
  generated: "a folder inside of the project, relative to it and with /",
  hashLength: "an integer of at least 8",
  importExtension: '".js", ".ts" or ""',
  stores: "an object with a store for each name",
  "stores.*": 'a store, for example { "database": "features.duckdb" }',
  "stores.*.database": "the path of a DuckDB database",
  "stores.*.hash": '"md5", "sha256", "xxhash64" or "xxhash32"',
  defaultStore: "the name of one of the stores",
  diff: "an object with settings of the version diff",
  "diff.against": "a git ref, a folder or a manifest",
  "diff.failOn": 'a list of rules and severities, for example ["error"]',
  "diff.failOn.*": "the id of a rule or a severity",
  "diff.acknowledgements": "the path of a file",
};

/** The names that an object of settings may have. */
export function settingsIn(parent: string): string[] {
  const prefix = parent === "" ? "" : `${parent}.`;
  return Object.keys(wantedSettings)
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length))
    .filter((name) => !name.includes(".") && !name.startsWith("$") && name !== "*");
}

/** The pattern of {@link wantedSettings} that a path has; nothing where there is no such setting. */
export function patternOf(path: readonly string[]): string | undefined {
  return Object.keys(wantedSettings).find((pattern) => {
    const steps = pattern.split(".");
    return steps.length === path.length && steps.every((step, index) => step === "*" || step === path[index]);
  });
}
