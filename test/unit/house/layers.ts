import path from "node:path";
import ts from "typescript";

// The layer table of docs/architecture.md as a function: what may import what. Types obey it too.

export interface SourceFile {
  /** Relative to the repository, with "/" separators: "src/mesh/ports.ts". */
  readonly file: string;
  readonly text: string;
}

interface Layer {
  readonly name: string;
  readonly holds: (file: string) => boolean;
  readonly mayImport: (target: string) => boolean;
  readonly packages: (name: string, typeOnly: boolean, file: string) => boolean;
}

const under = (folder: string) => (file: string) => file.startsWith(`${folder}/`);
const mesh = under("src/mesh");
const protocol = under("src/protocol");
const isNode = (name: string): boolean => name.startsWith("node:");

const meshPackages = new Set(["js-yaml", "yaml", "@marcbachmann/cel-js", "re2js", "semver", "lru-cache", "diff", "d3"]);
const pagePackages = new Set(["lit", "d3", "uplot", "@tanstack/virtual-core", "@vscode/codicons"]);
/** Archived upstream: one file knows it, so that leaving it stays a change of one file. */
const controlPackages = new Set(["@vscode/webview-ui-toolkit"]);
const controlFile = "webview/shared/controls.ts";

/** "lit" of "lit/directives/repeat.js", "@vscode/codicons" of a file in it. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
const clientPackages: Readonly<Record<string, ReadonlySet<string>>> = {
  // `ws` carries the client library's streams; js-yaml reads kubeconfigs.
  kubernetes: new Set(["@kubernetes/client-node", "js-yaml", "p-limit", "ws"]),
  prometheus: new Set(["js-yaml", "p-limit", "lru-cache"]),
  demo: new Set(["js-yaml"]),
};

/** VS Code's own reader of its settings files; patterns of file names. */
const commandLinePackages = new Set(["jsonc-parser", "picomatch"]);

function sourceLayer(name: string): Layer {
  return {
    name: `src/sources/${name}`,
    holds: under(`src/sources/${name}`),
    mayImport: (target) => mesh(target) || under(`src/sources/${name}`)(target),
    packages: (pkg) => isNode(pkg) || (clientPackages[name]?.has(pkg) ?? false),
  };
}

const compositionRoots = new Set(["src/extension.ts", "src/engine.ts", "src/api.ts"]);

const layers: readonly Layer[] = [
  {
    name: "src/mesh",
    holds: mesh,
    mayImport: mesh,
    packages: (pkg, typeOnly) =>
      meshPackages.has(pkg) ||
      (typeOnly && (pkg.startsWith("@kubernetes-models/") || pkg === "@kubernetes/client-node")),
  },
  { name: "src/protocol", holds: protocol, mayImport: (to) => mesh(to) || protocol(to), packages: () => false },
  ...["kubernetes", "prometheus", "tracing", "demo", "istiod"].map(sourceLayer),
  {
    name: "src/editor",
    holds: under("src/editor"),
    mayImport: (to) => mesh(to) || protocol(to) || under("src/editor")(to),
    packages: (pkg) => pkg === "vscode",
  },
  {
    name: "src/cli",
    holds: under("src/cli"),
    mayImport: (to) => mesh(to) || under("src/sources")(to) || under("src/cli")(to),
    packages: (pkg) => isNode(pkg) || commandLinePackages.has(pkg),
  },
  {
    name: "composition",
    holds: (file) => compositionRoots.has(file),
    mayImport: under("src"),
    packages: (pkg) => pkg === "vscode" || isNode(pkg),
  },
  {
    name: "webview",
    holds: under("webview"),
    mayImport: (to) => mesh(to) || protocol(to) || under("webview")(to),
    packages: (pkg, _typeOnly, file) =>
      pagePackages.has(packageOf(pkg)) || (file === controlFile && controlPackages.has(packageOf(pkg))),
  },
];

/** Says each import that the table forbids, each cycle, and each file that is in no layer. */
export function violations(files: readonly SourceFile[]): string[] {
  const found: string[] = [];
  const graph = new Map<string, string[]>();
  for (const { file, text } of files) {
    const layer = layers.find((each) => each.holds(file));
    if (!layer) {
      found.push(`${file} is in no layer`);
      continue;
    }
    const edges: string[] = [];
    for (const { specifier, typeOnly } of importsOf(file, text)) {
      if (specifier.startsWith(".")) {
        const target = path.posix.join(path.posix.dirname(file), specifier);
        if (!layer.mayImport(target)) found.push(`${file} (${layer.name}) imports ${target}`);
        if (!typeOnly) edges.push(target);
      } else if (!layer.packages(specifier, typeOnly, file)) {
        found.push(`${file} (${layer.name}) imports the package ${specifier}`);
      }
    }
    graph.set(file, edges);
  }
  return [...found, ...cycles(graph)];
}

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string, text: string): Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const typeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      found.push({ specifier: node.moduleSpecifier.text, typeOnly });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      found.push({ specifier: node.moduleSpecifier.text, typeOnly: node.isTypeOnly });
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal)) {
        found.push({ specifier: node.argument.literal.text, typeOnly: true });
      }
    } else if (ts.isCallExpression(node)) {
      const [argument] = node.arguments;
      const isRequire = ts.isIdentifier(node.expression) && node.expression.text === "require";
      const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
      if ((isImport || isRequire) && argument) {
        const specifier = ts.isStringLiteralLike(argument) ? argument.text : `(computed) ${argument.getText(source)}`;
        found.push({ specifier, typeOnly: false });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function cycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0) {
      found.push(`cycle: ${[...trail.slice(start), file].join(" -> ")}`);
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return found;
}

const vagueNames = /^(utils?|helpers?|common|misc|types|index)\.ts$|(Manager|Handler|Processor)\.ts$/;

/** Says each file name that tells nothing, and each default export and re-exporting file. */
export function houseViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ file, text }) => {
    const found: string[] = [];
    if (vagueNames.test(path.posix.basename(file))) found.push(`${file} has a name that tells nothing`);
    if (/^export default\b/m.test(text)) found.push(`${file} has a default export`);
    if (/^export (type )?(\*|\{[^}]*\}) from\b/m.test(text)) found.push(`${file} passes on what another file exports`);
    return found;
  });
}
