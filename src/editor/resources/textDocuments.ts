import { EventEmitter, Uri, workspace, type TextDocumentContentProvider } from "vscode";
import { Disposer, type Disposable } from "../../mesh/disposer.ts";

/** Read-only documents of one scheme whose text is made here and may grow. One that nobody made this time says `gone`. */
export class TextDocuments implements TextDocumentContentProvider, Disposable {
  readonly #owned = new Disposer();
  readonly #changed = this.#owned.own(new EventEmitter<Uri>());
  readonly onDidChange = this.#changed.event;
  readonly #scheme: string;
  readonly #gone: string;
  readonly #texts = new Map<string, () => string>();

  constructor(scheme: string, gone: string) {
    this.#scheme = scheme;
    this.#gone = gone;
    this.#owned.own(workspace.registerTextDocumentContentProvider(scheme, this));
  }

  uri(authority: string, path: string, query = ""): Uri {
    return Uri.from({ scheme: this.#scheme, authority, path, query });
  }

  /** What the document holds from now on. */
  set(uri: Uri, text: () => string): void {
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
  }

  /** Its text is another than before. */
  changed(uri: Uri): void {
    this.#changed.fire(uri);
  }

  /** Whoever comes back to the document is told that it is gone; what is open keeps its text. */
  forget(uri: Uri): void {
    this.#texts.delete(uri.toString());
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString())?.() ?? this.#gone;
  }

  dispose(): void {
    this.#owned.dispose();
    this.#texts.clear();
  }
}
