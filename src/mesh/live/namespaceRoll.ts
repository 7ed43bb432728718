import type { KubeObject } from "../model/kubeObject.ts";
import type { Unread } from "../ports.ts";
import type { KindTarget } from "./kindWatch.ts";
import { takesPartInMesh } from "./podScope.ts";

/** Which namespaces there are and which of them Istio enrols; nothing else of them is kept. */
export class NamespaceRoll implements KindTarget {
  readonly #enrolled = new Map<string, boolean>();
  #unseen: Set<string> | undefined;
  #isReadable = false;
  #names: readonly string[] | undefined;

  /** All names, sorted; undefined until listed, and where they may not be. The same array until one comes or goes. */
  get names(): readonly string[] | undefined {
    if (!this.#isReadable) return undefined;
    this.#names ??= [...this.#enrolled.keys()].sort();
    return this.#names;
  }

  get enrolled(): readonly string[] {
    return [...this.#enrolled].filter(([, isEnrolled]) => isEnrolled).map(([name]) => name);
  }

  listing(): void {
    this.#unseen = new Set(this.#enrolled.keys());
  }

  upsert(objects: readonly KubeObject[]): void {
    for (const object of objects) {
      this.#unseen?.delete(object.metadata.name);
      if (!this.#enrolled.has(object.metadata.name)) this.#names = undefined;
      this.#enrolled.set(object.metadata.name, takesPartInMesh(object));
    }
  }

  gone({ metadata }: KubeObject): void {
    this.#enrolled.delete(metadata.name);
    this.#names = undefined;
  }

  listed(unread: readonly Unread[]): void {
    for (const name of this.#unseen ?? []) this.#enrolled.delete(name);
    if (this.#unseen?.size) this.#names = undefined;
    this.#unseen = undefined;
    this.#isReadable = unread.length === 0;
  }
}
