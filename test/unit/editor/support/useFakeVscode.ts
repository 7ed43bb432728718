// Import this first; then import what is tested with `await import(...)`, so that its `vscode` is the fake.

import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import * as fakeVscode from "./fakeVscode.ts";

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "vscode"
      ? { url: new URL("./fakeVscode.ts", import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
});

interface Section {
  readonly properties: Readonly<Record<string, { readonly default: unknown }>>;
}

const manifest = JSON.parse(readFileSync(new URL("../../../../package.json", import.meta.url), "utf8")) as {
  readonly contributes: { readonly configuration: readonly Section[] };
};
for (const { properties } of manifest.contributes.configuration) {
  for (const [key, { default: value }] of Object.entries(properties)) fakeVscode.defaultSettings.set(key, value);
}

export const fake = fakeVscode;
