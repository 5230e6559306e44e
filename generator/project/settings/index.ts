export { expandVariables } from "./expand-variables.ts";
export { locateSetting } from "./locate-setting.ts";
export {
  configFileName,
  type DiffSettings,
  defaultConfig,
  type ProjectConfig,
  type StoreSettings,
} from "./project-config.ts";
export { type ConfigFile, type ConfigFiles, type ConfigReading, readConfig } from "./read-config.ts";
