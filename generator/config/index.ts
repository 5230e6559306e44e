export { configFileName, defaultConfig, type ProjectConfig } from "./project-config.ts";
export { type ConfigFile, type ConfigFiles, type ConfigReading, readConfig } from "./read-config.ts";
