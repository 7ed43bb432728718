// Values of VS Code's own kinds, as far as unit tests need them.

export class ThemeColor {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

export class ThemeIcon {
  readonly id: string;
  readonly color: ThemeColor | undefined;
  constructor(id: string, color?: ThemeColor) {
    this.id = id;
    this.color = color;
  }
}

export class TreeItem {
  readonly label: string;
  readonly collapsibleState: number;
  constructor(label: string, collapsibleState: number) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };

/** Escapes as VS Code's own does: Markdown's marks and icons, not "<" and "&". */
export class MarkdownString {
  value: string;
  supportThemeIcons: boolean;
  supportHtml = false;
  isTrusted: unknown = undefined;
  constructor(value = "", supportThemeIcons = false) {
    this.value = value;
    this.supportThemeIcons = supportThemeIcons;
  }
  appendMarkdown(value: string): this {
    this.value += value;
    return this;
  }
  appendText(value: string): this {
    this.value += value.replaceAll(/[\\`*_{}[\]()#+\-!~>]/g, "\\$&").replaceAll(/\$\(/g, "\\$(");
    return this;
  }
}

export class Uri {
  readonly scheme: string;
  readonly path: string;
  readonly authority: string;
  constructor(scheme: string, path: string, authority = "") {
    this.scheme = scheme;
    this.path = path;
    this.authority = authority;
  }
  static file(path: string): Uri {
    return new Uri("file", path);
  }
  static joinPath(base: Uri, ...parts: readonly string[]): Uri {
    return new Uri(base.scheme, [base.path, ...parts].join("/"), base.authority);
  }
  static parse(text: string): Uri {
    const { protocol, host, pathname } = new URL(text);
    return new Uri(protocol.replace(/:$/, ""), pathname, host);
  }
  static from(parts: { scheme: string; authority?: string; path: string; query?: string }): Uri {
    const { scheme, authority, path, query = "" } = parts;
    return new Uri(scheme, query === "" ? path : `${path}?${query}`, authority);
  }
  toString(): string {
    return `${this.scheme}://${this.authority}${this.path}`;
  }
}

export class FileSystemError extends Error {
  readonly code: string;
  constructor(code: string, what: unknown) {
    super(String(what));
    this.code = code;
  }
  static FileNotFound(what?: unknown): FileSystemError {
    return new FileSystemError("FileNotFound", what);
  }
  static NoPermissions(what?: unknown): FileSystemError {
    return new FileSystemError("NoPermissions", what);
  }
  static Unavailable(what?: unknown): FileSystemError {
    return new FileSystemError("Unavailable", what);
  }
}

export const FileChangeType = { Changed: 1, Created: 2, Deleted: 3 };
export const FileType = { Unknown: 0, File: 1, Directory: 2 };
export const FilePermission = { Readonly: 1 };
export const ConfigurationTarget = { Global: 1, Workspace: 2 };
export const StatusBarAlignment = { Left: 1, Right: 2 };
export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 };
export const QuickPickItemKind = { Separator: -1, Default: 0 };
export const version = "1.105.0";

export class TabInputText {
  readonly uri: Uri;
  constructor(uri: Uri) {
    this.uri = uri;
  }
}

export class Position {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}

export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(start: Position, end: Position) {
    this.start = start;
    this.end = end;
  }
}

export const TextEditorRevealType = { Default: 0 };

export const DiagnosticSeverity = { Error: 0, Warning: 1, Information: 2, Hint: 3 };
export const DiagnosticTag = { Unnecessary: 1, Deprecated: 2 };

export class Diagnostic {
  readonly range: Range;
  readonly message: string;
  readonly severity: number;
  constructor(range: Range, message: string, severity: number) {
    this.range = range;
    this.message = message;
    this.severity = severity;
  }
}

export class Location {
  readonly uri: Uri;
  readonly range: Range | Position;
  constructor(uri: Uri, range: Range | Position) {
    this.uri = uri;
    this.range = range;
  }
}

export class DiagnosticRelatedInformation {
  readonly location: Location;
  readonly message: string;
  constructor(location: Location, message: string) {
    this.location = location;
    this.message = message;
  }
}

export class RelativePattern {
  readonly base: unknown;
  readonly pattern: string;
  constructor(base: unknown, pattern: string) {
    this.base = base;
    this.pattern = pattern;
  }
}
