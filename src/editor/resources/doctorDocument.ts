import { EventEmitter, l10n, Uri, window, workspace, type TextDocumentContentProvider } from "vscode";
import type { Disposable } from "../../mesh/disposer.ts";
import { doctorScheme } from "../ids.ts";

/** The diagnosis as a read-only document, so that nobody is asked to save it. Each one takes the earlier one's place. */
export class DoctorDocument implements TextDocumentContentProvider, Disposable {
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  // The ending makes it Markdown, with VS Code's preview one click away.
  readonly #uri = Uri.from({ scheme: doctorScheme, path: `/${l10n.t("Doctor")}.md` });
  readonly #registration = workspace.registerTextDocumentContentProvider(doctorScheme, this);
  #text: string | undefined;

  provideTextDocumentContent(): string {
    return this.#text ?? l10n.t("This diagnosis is gone. Run Foreyard: Doctor for a new one.");
  }

  async show(text: string): Promise<void> {
    this.#text = text;
    this.#changed.fire(this.#uri);
    const document = await workspace.openTextDocument(this.#uri);
    await window.showTextDocument(document, { preview: false });
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
