import { readFileSync } from "node:fs";
import process from "node:process";
import { say } from "../../mesh/message.ts";
import { groupOf, type KubeObject } from "../../mesh/model/kubeObject.ts";
import { pathText, type FieldPath } from "../../mesh/yaml/fieldPath.ts";
import { objectsIn } from "../../mesh/yaml/objectsIn.ts";
import { readYaml } from "../../mesh/yaml/readYaml.ts";
import type { YamlDocument, YamlFile } from "../../mesh/yaml/yamlFile.ts";
import { collectFiles, isGone, reasonOf } from "../analyze/collectFiles.ts";
import type { Terminal } from "../terminal.ts";

interface Declared {
  readonly file: string;
  readonly read: YamlFile;
  readonly document: YamlDocument;
  readonly prefix: FieldPath;
}

/** Where a field of an object is written. */
export interface WrittenPlace {
  /** null for live objects. */
  readonly file: string | null;
  /** From 1; null for live objects. */
  readonly line: number | null;
  readonly path: string;
}

/** Objects of files, with their places. */
export class DeclaredObjects {
  readonly objects: KubeObject[] = [];
  hasFailed = false;
  readonly #places = new Map<KubeObject, Declared>();

  /** Files laid over live objects: those of files count. */
  over(live: readonly KubeObject[], defaultNamespace: string): readonly KubeObject[] {
    const own = new Set(this.objects.map((object) => idOf(object, defaultNamespace)));
    return [...this.objects, ...live.filter((object) => !own.has(idOf(object, defaultNamespace)))];
  }

  place(object: KubeObject, path: FieldPath): WrittenPlace {
    const declared = this.#places.get(object);
    if (declared === undefined) return { file: null, line: null, path: pathText(path) };
    const { start } = declared.document.positions().valueRange([...declared.prefix, ...path]);
    return { file: declared.file, line: declared.read.lineAt(start).line + 1, path: pathText(path) };
  }

  put(file: string, text: string): void {
    const read = readYaml(text);
    for (const document of read.documents) {
      for (const { object, prefix } of objectsIn(document)) {
        this.objects.push(object);
        this.#places.set(object, { file, read, document, prefix });
      }
    }
  }
}

function idOf({ apiVersion, kind, metadata }: KubeObject, defaultNamespace: string): string {
  return `${groupOf(apiVersion)}/${kind}/${metadata.namespace ?? defaultNamespace}/${metadata.name}`;
}

/** Reads the objects of paths; what cannot be read is told. */
export async function readDeclared(paths: readonly string[], terminal: Terminal): Promise<DeclaredObjects> {
  const declared = new DeclaredObjects();
  const named = paths.filter((path) => path !== "-");
  const { files, failures } = collectFiles(named);
  for (const failure of failures) terminal.note(failure);
  declared.hasFailed = failures.length > 0;
  if (named.length < paths.length) declared.put("-", await standardInput());
  for (const { file, isTemplate } of files) {
    if (isTemplate) continue;
    try {
      declared.put(file, readFileSync(file, "utf8"));
    } catch (error) {
      if (isGone(error) && !paths.includes(file)) continue;
      terminal.note(say("The file {0} cannot be read: {1}", file, reasonOf(error)));
      declared.hasFailed = true;
    }
  }
  return declared;
}

async function standardInput(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
