export {
  configFileName,
  defaultConfig,
  type ProjectConfig,
  type StoreSettings,
} from "./project-config.ts";
export { type ConfigFile, type ConfigFiles, locateSetting, readConfig } from "./read-config.ts";
