/** What the files of a new project depend on. */
export interface InitOptions {
  /** Name of its package. */
  readonly name: string;
  /** Folders of specs and of modules, and the ending of imports, as in the settings. */
  readonly schemas: string;
  readonly generated: string;
  readonly importExtension: ".js" | ".ts" | "";
  /** Settings are there already, in whatever file. */
  readonly hasSettings: boolean;
  /** Specs are there already, so that no example may join them. */
  readonly hasSpecs: boolean;
  /** Its `.ts` files are ES modules: there is no `package.json` yet, or one with `"type": "module"`. */
  readonly isModule: boolean;
  /** The installed package, relative to the project's folder. */
  readonly installed: string;
  /** The project's folder in its git repository, with `/`; empty at the top of it, and where there is none. */
  readonly folder: string;
  readonly versions: PackageVersions;
}

/** Packages that a project needs, with their ranges of versions. */
export interface PackageVersions {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
