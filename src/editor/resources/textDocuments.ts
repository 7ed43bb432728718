import { EventEmitter, TabInputText, Uri, window, workspace, type TextDocumentContentProvider } from "vscode";
import { Disposer, type Disposable } from "../../mesh/disposer.ts";

/**
 * Read-only documents of one scheme whose text is made here and may grow. It is kept as long as a tab shows it; who comes
 * back after that is told that it is gone.
 */
export class TextDocuments implements TextDocumentContentProvider, Disposable {
  readonly #owned = new Disposer();
  readonly #changed = this.#owned.own(new EventEmitter<Uri>());
  readonly onDidChange = this.#changed.event;
  readonly #scheme: string;
  readonly #gone: string;
  readonly #texts = new Map<string, () => string>();

  /** `gone`: what a document says that nobody made this time. `closed`: its last tab was. */
  constructor(scheme: string, gone: string, closed: (uri: Uri) => void = () => undefined) {
    this.#scheme = scheme;
    this.#gone = gone;
    this.#owned.own(workspace.registerTextDocumentContentProvider(scheme, this));
    this.#owned.own(
      window.tabGroups.onDidChangeTabs(({ closed: tabs }) => {
        for (const { input } of tabs) {
          if (!(input instanceof TabInputText) || input.uri.scheme !== scheme || isInATab(input.uri)) continue;
          this.#texts.delete(input.uri.toString());
          closed(input.uri);
        }
      }),
    );
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

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString())?.() ?? this.#gone;
  }

  dispose(): void {
    this.#owned.dispose();
    this.#texts.clear();
  }
}

function isInATab(uri: Uri): boolean {
  const key = uri.toString();
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.some(({ input }) => input instanceof TabInputText && input.uri.toString() === key);
}
