import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

const nodeGlobals = Object.fromEntries(
  ["process", "console", "URL", "URLSearchParams", "Buffer", "fetch", "performance", "setTimeout", "clearTimeout"]
    .concat(["setInterval", "clearInterval", "setImmediate", "AbortController", "AbortSignal", "WebSocket"])
    .concat(["TextDecoder", "TextEncoder", "structuredClone"])
    .map((name) => [name, "readonly"]),
);

export default tseslint.config(
  { ignores: ["node_modules/", "dist/", "artifacts/", "test/fixtures/", "examples/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "no-console": "error",
      "max-params": ["error", 4],
      "max-depth": ["error", 4],
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
    },
  },
  {
    // Tests read as lists of sentences: their describe blocks are long, and node:test promises are awaited by the runner.
    files: ["test/**/*.ts"],
    rules: {
      "max-lines-per-function": "off",
      "@typescript-eslint/no-floating-promises": [
        "error",
        {
          allowForKnownSafeCalls: [
            { from: "package", name: ["test", "it", "describe", "suite"], package: "node:test" },
          ],
        },
      ],
    },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: { globals: nodeGlobals },
  },
  {
    files: ["**/*.cjs"],
    languageOptions: { sourceType: "commonjs", globals: { ...nodeGlobals, exports: "writable" } },
  },
  {
    files: ["test/**/*.ts", "tools/**/*.mjs", "test/**/*.mjs", "build.mjs", "src/cli/**/*.ts"],
    rules: { "no-console": "off" },
  },
  prettier,
);
