// Stands in for the module that VS Code gives its extensions, as far as unit tests need it. Nothing of Foreyard is in it.

import { Uri } from "./fakeVscodeValues.ts";

export {
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  MarkdownString,
  Uri,
  FileSystemError,
  FileChangeType,
  FileType,
  FilePermission,
  ConfigurationTarget,
  StatusBarAlignment,
  ProgressLocation,
  QuickPickItemKind,
  version,
  TabInputText,
  Position,
  Range,
  TextEditorRevealType,
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
  Location,
  RelativePattern,
} from "./fakeVscodeValues.ts";

export class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => unknown>();
  readonly event = (listener: (value: T) => unknown) => {
    this.#listeners.add(listener);
    counts.listeners++;
    return {
      dispose: () => {
        if (this.#listeners.delete(listener)) counts.listeners--;
      },
    };
  };
  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }
  dispose(): void {
    counts.listeners -= this.#listeners.size;
    this.#listeners.clear();
  }
}

/** What is registered now; 0 of everything when all was given back. */
export const counts = { listeners: 0, registrations: 0 };

function registration() {
  counts.registrations++;
  let isHeld = true;
  return {
    dispose: () => {
      if (isHeld) counts.registrations--;
      isHeld = false;
    },
  };
}

export const l10n = {
  t: (text: string, ...args: readonly (string | number)[]): string =>
    text.replaceAll(/\{(\d+)\}/g, (place, index: string) => String(args[Number(index)] ?? place)),
  bundle: undefined as Readonly<Record<string, string>> | undefined,
};

export const env = {
  language: "en",
  appHost: "test",
  clipboard: {
    writeText: (text: string) => {
      clipboard.text = text;
      return Promise.resolve();
    },
  },
  // As VS Code does: a text reaches the browser as it is, a Uri is decoded and encoded anew on its way.
  openExternal: (target: Uri | string) => {
    opened.push(typeof target === "string" ? target : encodeURI(decodeURIComponent(target.toString())));
    return Promise.resolve(true);
  },
};

/** What was asked of the window, in order. */
export const shown: { readonly kind: string; readonly text: string }[] = [];

/** What quick picks and input boxes were opened with, in order. */
export const asked: { title: string; items: readonly unknown[]; options: object }[] = [];

/** What the user picks and types; nobody answers unless a test does, which is what Escape gives. */
export const answers: {
  pick?: ((title: string, items: readonly { readonly label: string }[]) => unknown) | undefined;
  input?: ((options: { readonly prompt?: string; readonly value?: string }) => string | undefined) | undefined;
} = {};

/** The picks and boxes that are open, oldest first. */
export const openInputs: FakeInput[] = [];

/** A quick pick or an input box of the kind that the extension drives itself. */
class FakeInput {
  title = "";
  placeholder = "";
  value = "";
  canSelectMany = false;
  matchOnDescription = false;
  matchOnDetail = false;
  ignoreFocusOut = false;
  items: readonly { readonly label: string; readonly description?: string; readonly picked?: boolean }[] = [];
  selectedItems: readonly unknown[] = [];
  readonly #accepted = new EventEmitter<void>();
  readonly #hidden = new EventEmitter<void>();
  readonly #typed = new EventEmitter<string>();
  readonly onDidAccept = this.#accepted.event;
  readonly onDidHide = this.#hidden.event;
  readonly onDidChangeValue = this.#typed.event;
  show(): void {
    openInputs.push(this);
  }
  type(text: string): void {
    this.value = text;
    this.#typed.fire(text);
  }
  accept(): void {
    this.#accepted.fire();
  }
  escape(): void {
    this.#hidden.fire();
  }
  dispose(): void {
    const at = openInputs.indexOf(this);
    if (at >= 0) openInputs.splice(at, 1);
    for (const events of [this.#accepted, this.#hidden, this.#typed]) events.dispose();
  }
}

interface ProgressOptions {
  readonly title?: string;
  readonly cancellable?: boolean;
  readonly location: unknown;
}

/** Progress that has a title, and the user's way to stop it. */
export const progresses: { readonly options: ProgressOptions; readonly cancel: () => void }[] = [];

interface ContentProvider {
  readonly onDidChange: (listener: (uri: Uri) => unknown) => { dispose(): void };
  readonly provideTextDocumentContent: (uri: Uri) => string;
}

export const contentProviders = new Map<string, ContentProvider>();

interface FakeView {
  readonly id: string;
  visible: boolean;
  readonly onDidChangeVisibility: (listener: (event: { visible: boolean }) => unknown) => { dispose(): void };
  dispose(): void;
}

const viewEvents = new Map<string, EventEmitter<{ visible: boolean }>>();
export const views = new Map<string, FakeView>();

/** What opening or closing a view does. */
export function showView(id: string, visible: boolean): void {
  const view = views.get(id);
  if (view) view.visible = visible;
  viewEvents.get(id)?.fire({ visible });
}

/** A page as VS Code hands it out; what it would do in its frame is the test's to do. */
export class FakePanel {
  readonly viewType: string;
  title: string;
  visible = true;
  iconPath: unknown = undefined;
  reveals = 0;
  /** What was sent to the page, in order. */
  readonly posted: unknown[] = [];
  readonly webview;
  readonly #received = new EventEmitter<unknown>();
  readonly #looked = new EventEmitter<unknown>();
  readonly #disposed = new EventEmitter<void>();
  readonly onDidChangeViewState = this.#looked.event;
  readonly onDidDispose = this.#disposed.event;
  #isDisposed = false;

  constructor(viewType: string, title: string, options: object = {}) {
    this.viewType = viewType;
    this.title = title;
    this.webview = {
      html: "",
      options,
      cspSource: "https://*.webview.test",
      asWebviewUri: (uri: Uri) => new Uri("https", uri.path, "webview.test"),
      onDidReceiveMessage: this.#received.event,
      postMessage: (message: unknown): Promise<boolean> => {
        if (this.#isDisposed) throw new Error("Webview is disposed");
        // As the real one: typed arrays as they are, the rest as JSON has it.
        this.posted.push(message);
        return Promise.resolve(true);
      },
    };
  }

  say(message: unknown): void {
    this.#received.fire(message);
  }

  look(visible: boolean): void {
    this.visible = visible;
    this.#looked.fire({ webviewPanel: this });
  }

  reveal(): void {
    this.reveals++;
    if (!this.visible) this.look(true);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#disposed.fire();
    for (const events of [this.#received, this.#looked, this.#disposed]) events.dispose();
  }
}

export const panels: FakePanel[] = [];
export const serializers = new Map<
  string,
  { readonly deserializeWebviewPanel: (panel: FakePanel, state: unknown) => Promise<void> }
>();

/** What was copied last. */
export const clipboard = { text: "" };

/** Where the save dialog leads; Escape where nothing is set. */
export const saving: { to: Uri | undefined; readonly files: Map<string, Uint8Array> } = {
  to: undefined,
  files: new Map(),
};

/** Addresses that were opened in a browser. */
export const opened: string[] = [];

export class TabInputWebview {
  readonly viewType: string;
  constructor(viewType: string) {
    this.viewType = viewType;
  }
}

interface FakeTab {
  readonly input: unknown;
}

/** Tabs that the window has besides what the extension opened itself. */
export const tabs: FakeTab[] = [];

/** Tabs that a person closed. */
export const tabChanges = new EventEmitter<{ readonly closed: readonly { readonly input: unknown }[] }>();

export const ViewColumn = { Active: -1, Beside: -2, One: 1 };

function message(kind: string) {
  return (text: string): Promise<undefined> => {
    shown.push({ kind, text });
    return Promise.resolve(undefined);
  };
}

/** Documents that are opened, changed and closed. */
export const documentEvents = new EventEmitter<never>();

export const window = {
  createOutputChannel: () => ({
    ...{ debug: noop, info: noop, warn: noop, error: noop, show: noop },
    ...registration(),
  }),
  createStatusBarItem: () => ({ show: noop, hide: noop, ...registration() }),
  createTreeView: (id: string, options: object) => {
    const visibility = new EventEmitter<{ visible: boolean }>();
    viewEvents.set(id, visibility);
    const view = { id, visible: false, onDidChangeVisibility: visibility.event, ...options, ...registration() };
    views.set(id, view);
    return view;
  },
  withProgress: (options: ProgressOptions, run: (progress: object, token: object) => unknown) => {
    const cancelled = new EventEmitter<void>();
    if (options.title !== undefined) progresses.push({ options, cancel: () => cancelled.fire() });
    return run({}, { isCancellationRequested: false, onCancellationRequested: cancelled.event });
  },
  showQuickPick: (items: readonly { readonly label: string }[], options: { readonly title?: string } = {}) => {
    const { title = "" } = options;
    shown.push({ kind: "pick", text: title });
    asked.push({ title, items, options });
    return Promise.resolve(answers.pick?.(title, items));
  },
  showInputBox: (options: { readonly title?: string; readonly prompt?: string; readonly value?: string } = {}) => {
    const { title = "", prompt = "" } = options;
    shown.push({ kind: "input", text: `${title}: ${prompt}` });
    asked.push({ title, items: [], options });
    return Promise.resolve(answers.input?.(options));
  },
  createWebviewPanel: (viewType: string, title: string, _column: number, options: object) => {
    const panel = new FakePanel(viewType, title, options);
    panels.push(panel);
    return panel;
  },
  registerWebviewPanelSerializer: (
    viewType: string,
    serializer: { readonly deserializeWebviewPanel: (panel: FakePanel, state: unknown) => Promise<void> },
  ) => {
    serializers.set(viewType, serializer);
    return registration();
  },
  tabGroups: {
    get all() {
      return [{ tabs }];
    },
    onDidChangeTabs: tabChanges.event,
    close: (closed: readonly FakeTab[]) => {
      for (const tab of closed) tabs.splice(tabs.indexOf(tab), 1);
      return Promise.resolve(true);
    },
  },
  showSaveDialog: () => Promise.resolve(saving.to),
  createQuickPick: () => new FakeInput(),
  createInputBox: () => new FakeInput(),
  showTextDocument: ({ uri }: { readonly uri: Uri }) => {
    shown.push({ kind: "document", text: uri.toString() });
    return Promise.resolve();
  },
  showErrorMessage: message("error"),
  showWarningMessage: message("warning"),
  showInformationMessage: message("information"),
  activeTextEditor: undefined as unknown,
  onDidChangeActiveTextEditor: documentEvents.event,
  visibleTextEditors: [],
};

function noop(): void {
  // Nobody looks.
}

export const registeredCommands = new Map<string, (...args: readonly unknown[]) => unknown>();
export const contextValues = new Map<string, unknown>();

export const commands = {
  registerCommand: (id: string, run: (...args: readonly unknown[]) => unknown) => {
    registeredCommands.set(id, run);
    return registration();
  },
  executeCommand: (id: string, ...args: readonly unknown[]): Promise<void> => {
    if (id === "setContext") contextValues.set(String(args[0]), args[1]);
    return Promise.resolve();
  },
};

/** User settings by their whole key; defaults come from package.json. */
export const userSettings = new Map<string, unknown>();
export const defaultSettings = new Map<string, unknown>();
export const configurationChanges = new EventEmitter<{ affectsConfiguration: () => boolean }>();

export const trustGrants = new EventEmitter<void>();

export const extensions = { getExtension: () => undefined };

/** Language status items that are there now. */
export const languageStatuses: Record<string, unknown>[] = [];

export const LanguageStatusSeverity = { Information: 0, Warning: 1, Error: 2 };

export const languages = {
  createLanguageStatusItem: (id: string) => {
    const item = { id, dispose: () => void languageStatuses.splice(languageStatuses.indexOf(item), 1) };
    languageStatuses.push(item);
    return item;
  },
  onDidChangeDiagnostics: documentEvents.event,
  getDiagnostics: () => [],
  createDiagnosticCollection: () => ({
    ...registration(),
    set: () => undefined,
    delete: () => undefined,
    clear: () => undefined,
  }),
};

export const workspace = {
  isTrusted: true,
  textDocuments: [] as readonly never[],
  workspaceFolders: undefined,
  onDidOpenTextDocument: documentEvents.event,
  onDidChangeTextDocument: documentEvents.event,
  onDidCloseTextDocument: documentEvents.event,
  onDidChangeWorkspaceFolders: documentEvents.event,
  getConfiguration: (section: string) => ({
    get: (key: string) => userSettings.get(`${section}.${key}`) ?? defaultSettings.get(`${section}.${key}`),
    inspect: (key: string) => ({
      defaultValue: defaultSettings.get(`${section}.${key}`),
      globalValue: userSettings.get(`${section}.${key}`),
    }),
    update: (key: string, value: unknown) => {
      userSettings.set(`${section}.${key}`, value);
      configurationChanges.fire({ affectsConfiguration: () => true });
      return Promise.resolve();
    },
  }),
  onDidChangeConfiguration: configurationChanges.event,
  onDidGrantWorkspaceTrust: trustGrants.event,
  fs: {
    writeFile: (uri: Uri, bytes: Uint8Array) => {
      saving.files.set(uri.path, bytes);
      return Promise.resolve();
    },
  },
  getWorkspaceFolder: () => undefined,
  registerFileSystemProvider: registration,
  registerTextDocumentContentProvider: (scheme: string, provider: ContentProvider) => {
    contentProviders.set(scheme, provider);
    return registration();
  },
  openTextDocument: (uri: Uri) => Promise.resolve({ uri }),
};
